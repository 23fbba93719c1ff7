import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { format } from "#grammar/format.js";
import { parse } from "#grammar/parse.js";
import { program } from "../cli/program.js";
import { packageRoot } from "../host.js";
import { allTargets } from "../targets.js";
import { runGuide } from "./guide.js";

const read = (path: string): string | undefined =>
  existsSync(join(packageRoot, "models", path)) ? readFileSync(join(packageRoot, "models", path), "utf8") : undefined;
const world = { targets: allTargets(), read };
const commands = new Map(
  program().commands.map((command) => [command.name(), command.options.flatMap(({ long, short }) => [long, short])]),
);

const scripts = Object.keys((JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { readonly scripts: object }).scripts);

const pages = readdirSync(join(packageRoot, "docs")).filter((file) => file.endsWith(".md"));

describe.each(["README.md", "CONTRIBUTING.md", ...pages.map((page) => `docs/${page}`)])("%s", (path) => {
  const written = readFileSync(join(packageRoot, path), "utf8");
  const { text, snippets } = runGuide(written, world);

  it("shows what bnmc prints", async () => {
    await expect(text).toMatchFileSnapshot(join(packageRoot, path));
  });

  it("has only models that mean what it says", () => {
    const reported = snippets.map(({ line, found }) => ({ line, codes: found.map(({ code }) => code).sort() }));
    expect(reported).toEqual(snippets.map(({ line, expected }) => ({ line, codes: [...expected].sort() })));
  });

  it("is laid out as `bnmc fmt` does it", () => {
    for (const { file, expected } of snippets) {
      const { value, diagnostics } = parse({ path, text: file });
      if (expected.length === 0 || diagnostics.length === 0) expect(format(value)).toBe(file);
    }
  });

  it("types commands and options that there are", () => {
    const lines = [...written.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, body]) => body!.split("\n"));
    const typed = lines.flatMap((line) => /^(?:\$ )?(?:npx )?bnmc ([\w-]+)(.*?)(?:#.*)?$/.exec(line)?.slice(1) ?? []);
    for (let i = 0; i < typed.length; i += 2) {
      const [name, rest] = [typed[i]!, typed[i + 1]!];
      expect([...commands.keys()]).toContain(name);
      for (const [flag] of rest.matchAll(/--[\w-]+/g)) expect(commands.get(name), `bnmc ${name}`).toContain(flag);
    }
  });

  it("types scripts and test files that there are", () => {
    expect([...written.matchAll(/\bnpm run ([\w:]+)\b(?!:)/g)].map(([, name]) => name!).filter((name) => !scripts.includes(name))).toEqual(
      [],
    );
    const tests = [...written.matchAll(/\bvitest run ([\w/.-]+)/g)].map(([, file]) => file!);
    expect(tests.filter((file) => !existsSync(join(packageRoot, file)))).toEqual([]);
  });

  it("links to files and headings that there are", () => {
    const links = [...written.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)].filter(([, file]) => !/^https?:/.test(file!));
    const broken = links.filter(([, file, heading]) => {
      const target = file === "" ? join(packageRoot, path) : join(packageRoot, path, "..", file!);
      return !existsSync(target) || (heading !== undefined && !headingsIn(target).includes(heading));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

/** As GitHub names them in addresses. */
const headingsIn = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

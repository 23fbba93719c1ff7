import { existsSync, readFileSync } from "node:fs";
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

describe.each(
  ["README.md", "docs/language.md", "docs/training.md", "docs/interop.md", "docs/architecture.md"].filter((file) =>
    existsSync(join(packageRoot, file)),
  ),
)("%s", (path) => {
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

  it("links to files that there are", () => {
    const targets = [...written.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^https?:/.test(target));
    expect(targets.filter((target) => !existsSync(join(packageRoot, path, "..", target)))).toEqual([]);
  });
});

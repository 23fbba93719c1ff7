import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import { kernels } from "#compiler/kernels/index.js";
import { packageRoot } from "./host.js";
import { targetNames } from "./targets.js";

/** The rules of docs/architecture.md that a reader of a diff would otherwise have to keep in mind. */

interface Source {
  /** From the root, `compiler/ir/plan.ts`. */
  readonly path: string;
  readonly text: string;
  /** Without comments and the contents of strings. */
  readonly code: string;
  /** Paths in the tree without their extensions, and names of packages. */
  readonly imports: readonly string[];
}

const sources = ["grammar", "compiler", "runtime"]
  .flatMap(filesUnder)
  .filter((path) => path.endsWith(".ts"))
  .map(readSource);
const shipped = sources.filter(({ path }) => !path.endsWith(".test.ts") && !/\/(testing|cases|fuzz)\//.test(path));

function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(packageRoot, path)).isFile())
    .sort();
}

function readSource(path: string): Source {
  const text = readFileSync(join(packageRoot, path), "utf8");
  const statements = text.matchAll(/^(?:import|export) (?:type )?[^;"`]*?from "([^"\s]+)"|^import "([^"\s]+)"|\bimport\("([^"\s]+)"\)/gm);
  const imports = [...statements].map(([, from, bare, dynamic]) => resolved(path, (from ?? bare ?? dynamic)!));
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, "");
  return { path, text, code, imports };
}

function resolved(from: string, to: string): string {
  const local = to.startsWith("#") ? to.slice(1) : to.startsWith(".") ? join(dirname(from), to) : undefined;
  return local === undefined ? to : relative("", local).replace(/\.js$/, "");
}

const isLocal = (to: string): boolean => /^(grammar|compiler|runtime)\//.test(to);

/** `compiler/ir/plan` → `compiler/ir`; `compiler/load` → `compiler/load`. */
const placeOf = (path: string): string => path.replace(/\.ts$/, "").split("/").slice(0, 2).join("/");

/** Every import of files under `folder` that `allowed` does not let through, as `from → to`. */
const trespasses = (folder: string, allowed: (to: string, source: Source) => boolean): readonly string[] =>
  shipped
    .filter(({ path }) => path.startsWith(folder))
    .flatMap((source) => source.imports.filter((to) => !allowed(to, source)).map((to) => `${source.path} → ${to}`));

const offenders = (pattern: RegExp, among: readonly Source[], part: "code" | "text" = "code"): readonly string[] =>
  among.filter((source) => pattern.test(source[part])).map(({ path }) => path);

describe("import direction", () => {
  it("grammar knows nothing else", () => {
    expect(trespasses("grammar/", (to) => to.startsWith("grammar/") || to === "chevrotain")).toEqual([]);
  });

  it("the compiler knows the grammar, and no machine", () => {
    const packages = ["fast-png", "jpeg-js", "papaparse", "handlebars", "yaml", "@noble/hashes/sha2.js", "@noble/hashes/utils.js"];
    expect(trespasses("compiler/", (to) => /^(grammar|compiler)\//.test(to) || packages.includes(to))).toEqual([]);
  });

  // What a folder of the compiler may see of it, beside itself.
  const sees: Readonly<Record<string, readonly string[]>> = {
    ir: [],
    wasm: [],
    riscv: ["text"],
    catalog: ["ir", "random", "text", "wasm"],
    kernels: ["catalog", "ir", "riscv"],
    data: ["catalog", "ir", "random", "wasm"],
    elaborate: ["catalog", "ir"],
    plan: ["catalog", "ir", "kernels"],
    reference: ["catalog", "ir"],
    emit: ["catalog", "ir", "kernels", "riscv"],
    onnx: ["catalog", "ir"],
  };

  it.each(Object.entries(sees))("compiler/%s sees only %j", (folder, others) => {
    const allowed = [folder, ...others].map((name) => `compiler/${name}`);
    const fits = (to: string) => !to.startsWith("compiler/") || allowed.includes(placeOf(to));
    expect(trespasses(`compiler/${folder}/`, fits)).toEqual([]);
  });

  it("training, data and evaluation see no kernel", () => {
    const blind = /^runtime\/(train|data|evaluate|weights|interop|plot)\//;
    expect(trespasses("runtime/", (to, { path }) => !blind.test(path) || !to.startsWith("compiler/kernels/"))).toEqual([]);
  });

  it("every folder of the compiler has a place in it", () => {
    const folders = new Set(shipped.map(({ path }) => /^compiler\/([\w-]+)\//.exec(path)?.[1]).filter((name) => name !== undefined));
    expect([...folders].sort()).toEqual(Object.keys(sees).sort());
  });

  it("only training imports tfjs, only the toolchain and sweeps start processes", () => {
    const owners = [
      { of: /^@tensorflow\//, place: /^runtime\/train\/engines\// },
      { of: /^node:child_process$/, place: /^runtime\/(toolchain|sweep)\// },
      { of: /^commander$/, place: /^runtime\/(cli|docs)\// },
      { of: /^handlebars$/, place: /^compiler\/emit\// },
      { of: /^yaml$/, place: /^compiler\/plan\// },
      { of: /^(fast-png|jpeg-js)$/, place: /^compiler\/catalog\/image\// },
      { of: /^papaparse$/, place: /^compiler\/catalog\/table\// },
    ];
    const owned = (to: string, { path }: Source) => owners.every(({ of, place }) => !of.test(to) || place.test(path));
    expect(trespasses("", owned)).toEqual([]);
  });

  it("only a few places touch the disk", () => {
    const touching = shipped.filter(({ imports }) => imports.some((to) => /^node:fs(\/|$)/.test(to))).map(({ path }) => path);
    expect(touching.filter((path) => !/^runtime\/((host|lock)\.ts|data\/|toolchain\/)/.test(path))).toEqual([]);
  });

  // Files side by side may call each other, as those of stages and bodies do. Imports of types count: they, too, are read together.
  it("no folder is in a circle with what lies beside it", () => {
    const graph = new Map<string, Set<string>>();
    for (const { path, imports } of shipped) {
      for (const imported of imports.filter(isLocal)) {
        const [from, to] = crossing(path.replace(/\.ts$/, ""), imported);
        graph.set(from, (graph.get(from) ?? new Set()).add(to));
      }
    }
    const circles = [...graph.keys()].flatMap((place) => circlesFrom(place, graph));
    const throughFolders = circles.filter((circle) => circle.some((place) => place.endsWith("/")));
    expect(throughFolders.map((circle) => circle.join(" → "))).toEqual([]);
  });
});

/**
 * An import seen from the folder that holds both files: `compiler/plan/cover` → `compiler/ir/plan` is `compiler/plan/` →
 * `compiler/ir/`. An index that gathers what is below it, where that knows the contracts beside the index, is no circle.
 */
function crossing(from: string, to: string): readonly [string, string] {
  const names = [from.split("/"), to.split("/")] as const;
  const depth = names[0].findIndex((name, i) => name !== names[1][i]) + 1;
  const place = (path: readonly string[]): string => path.slice(0, depth).join("/") + (path.length > depth ? "/" : "");
  return [place(names[0]), place(names[1])];
}

/** The shortest ways from a place back to it, one for each import that leads there. */
function circlesFrom(start: string, graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const ways = new Map([[start, [start]]]);
  const circles: (readonly string[])[] = [];
  for (const [path, way] of ways) {
    for (const to of graph.get(path) ?? []) {
      if (to === start) circles.push([...way, to]);
      else if (!ways.has(to)) ways.set(to, [...way, to]);
    }
  }
  return circles;
}

describe("files", () => {
  test("are at most 300 lines long", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test("are named in kebab case, or in the catalogue as the language names them", () => {
    const names = sources.map(({ path }) => path).filter((path) => !/^compiler\/catalog\/[\w-]+\//.test(path));
    expect(names.filter((path) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test)?\.ts$/.test(path))).toEqual([]);
    expect(names.filter((path) => /utils?|helpers?|manager|misc|common/.test(path))).toEqual([]);
  });

  test("have no default exports but the catalogue's entries", () => {
    expect(
      offenders(
        /\bexport default\b/,
        sources.filter(({ path }) => !/^compiler\/(catalog|kernels)\/[\w-]+\/[\w-]+\.ts$/.test(path)),
      ),
    ).toEqual([]);
  });

  test("have no `any`, no `enum`, no namespace, nothing left to do", () => {
    expect(offenders(/: an[y]\b|<an[y]\b|\bas an[y]\b|\ban[y]\[\]|\benum \w|\bnamespace \w/, sources)).toEqual([]);
    expect(offenders(/TOD[O]|FIXM[E]|XX[X]|@ts-(ignor[e]|nochec[k])/, sources, "text")).toEqual([]);
  });

  test("of grammar and compiler know no clock, no chance, no process", () => {
    const pure = shipped.filter(({ path }) => /^(grammar|compiler)\//.test(path));
    expect(offenders(/\bMath\.random\b|\bDate\b|\bperformance\b|\bprocess\b|\bconsole\b|\bglobalThis\b/, pure)).toEqual([]);
  });

  test("ask no format, layer, kernel or target for its name outside the catalogue", () => {
    // `binary` is also a node of the syntax tree; the fused engine asks operations of its graph, which layers may be called like: `abs`.
    const formats = Object.keys(catalog.quantizers).filter((name) => name !== "binary");
    const names = [...formats, ...Object.keys(catalog.layers), ...Object.keys(kernels), ...targetNames()];
    const asking = new RegExp(`(===|!==|case) "(${names.join("|")})"`);
    expect(
      offenders(
        asking,
        shipped.filter(({ path }) => !/^(compiler\/(catalog|kernels)|runtime\/train\/engines\/fused)\//.test(path)),
        "text",
      ),
    ).toEqual([]);
  });

  test("name no place of one machine", () => {
    const texts = ["grammar", "compiler", "runtime", "docs", "mcu", "models", "templates"].flatMap(filesUnder);
    const machine = /(?<![\w.])\/(home|root|Users|wor[k])\/|\.\.\/share[d]\b|\.librar[y]\b|[A-Z]:\\Users/;
    expect(texts.filter((path) => machine.test(readFileSync(join(packageRoot, path), "latin1")))).toEqual([]);
  });
});

test("decisions are numbered without gaps, and those that are referred to exist", () => {
  const folder = join(packageRoot, "docs/decisions");
  const files = readdirSync(folder).sort();
  const numbers = files.map((file) => Number(/^# (\d+)\. /.exec(readFileSync(join(folder, file), "utf8"))?.[1]));
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(numbers);
  expect(numbers).toEqual(files.map((_, i) => i + 1));
  const texts = ["docs", "compiler", "runtime", "templates"]
    .flatMap(filesUnder)
    .map((path) => readFileSync(join(packageRoot, path), "latin1"));
  const referred = texts.flatMap((text) => [...text.matchAll(/\bdecision (\d+)\b/g)].map(([, number]) => Number(number)));
  expect(referred.filter((number) => !numbers.includes(number))).toEqual([]);
});

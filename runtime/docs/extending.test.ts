import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../host.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { run } from "../toolchain/process.js";

/** The examples of docs/extending.md, written into a copy of the tree: what their page says of them holds. */
const page = readFileSync(join(packageRoot, "docs/extending.md"), "utf8");

/** Every block of code that begins with the path of its file, in sections by their title. */
const sections = page.split(/^## /m).map((section) => ({
  title: section.split("\n", 1)[0]!,
  files: [...section.matchAll(/^```(?:ts|handlebars)\n(?:\/\/ (\S+)\n|\{\{! (\S+) \}\}\n)([^]*?)^```$/gm)].map(
    ([, ts, hbs, text]) => [(ts ?? hbs)!, text!] as const,
  ),
}));
const filesOf = (title: string): readonly (readonly [string, string])[] => sections.find((section) => section.title === title)!.files;

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "bnmc-extending-"));
  for (const name of ["compiler", "grammar", "runtime", "templates", "mcu", "package.json", "tsconfig.json", "vitest.config.ts"]) {
    cpSync(join(packageRoot, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(packageRoot, "node_modules"), join(copy, "node_modules"));
  for (const [path, text] of sections.flatMap(({ files }) => files)) {
    expect(existsSync(join(copy, path)), `the page's example ${path} is in the tree itself: give it another name`).toBe(false);
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  inCopy("vitest", ["run", "compiler/catalog/index.test.ts", "compiler/kernels/index.test.ts"], { UPDATE: "1" });
}, 120_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const inCopy = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
  execFileSync(join(copy, "node_modules/.bin", command), args, {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

interface Tried {
  readonly kernels: readonly string[];
  readonly assembly: boolean;
  readonly mismatches: number;
}

const tried = (target: string, kernel: string, network: string): Tried =>
  JSON.parse(inCopy("tsx", ["--conditions=source", "runtime/docs/testing/try-extension.ts", target, kernel, network])) as Tried;

test("they touch as many files as the page says", () => {
  expect(sections.filter(({ files }) => files.length > 0).map(({ title, files }) => [title, files.length])).toEqual([
    ["A weight format", 1],
    ["A layer", 3],
    ["A kernel family", 2],
    ["An instruction set for a family", 1],
  ]);
  const folders = filesOf("A kernel family").map(([path]) => dirname(path));
  expect(folders).toEqual(["compiler/kernels/by-column", "templates/by-column"]);
});

test("their types check and they are formatted as the tree is", () => {
  inCopy("tsc", ["--noEmit"]);
  inCopy("prettier", ["--check", ...sections.flatMap(({ files }) => files.map(([path]) => path)).filter((path) => path.endsWith(".ts"))]);
}, 120_000);

test("nothing asks them for their names", () => {
  inCopy("vitest", ["run", "runtime/tidiness.test.ts", "-t", "ask no format, layer, kernel or target for its name"]);
}, 120_000);

test("a network with the weight format is the reference, bit for bit, by the kernels that the page names", () => {
  const network = "weights: 3bitsym input i8[21] -> dense(13) -> relu -> dense(5)";
  for (const kernel of ["dense-bitserial", "dense-multiply"]) {
    expect(tried(kernel === "dense-multiply" ? "host" : "ch32v003", kernel, network)).toMatchObject({
      kernels: expect.arrayContaining([kernel]) as unknown,
      mismatches: 0,
    });
  }
}, 120_000);

test("a network with the layer is the reference", () => {
  const network = "weights: 4bitsym input i8[9, 8, 2] -> conv(3) -> abs -> relu -> flatten -> dense(5)";
  expect(tried("host", "abs-values", network)).toMatchObject({ kernels: expect.arrayContaining(["abs-values"]) as unknown, mismatches: 0 });
}, 120_000);

test("a network run by the family is the reference", () => {
  const network = "weights: 4bit range: sample input i8[21] -> dense(13) -> relu -> dense(5)";
  expect(tried("host", "dense-axpy", network)).toMatchObject({ kernels: ["dense-axpy", "relu-rescale", "dense-axpy"], mismatches: 0 });
  const narrow = "weights: 4bit range: fixed activations: 3bit input u4[21] -> dense(13) -> relu -> dense(5)";
  const kernels = ["dense-axpy", "bias-add", "requantize-fixed", "dense-axpy", "bias-add"];
  expect(tried("host", "dense-axpy", narrow)).toMatchObject({ kernels, mismatches: 0 });
}, 120_000);

const arm = loadTarget("cortex_m0");
test.skipIf(findCompiler(arm) === undefined || run(arm.chip!.emulator!.command, ["--version"]) === undefined)(
  "a network with assembly of the instruction set is the reference in its emulator",
  () => {
    const network = "weights: 4bitsym range: sample input i8[21] -> dense(13) -> relu -> dense(5)";
    expect(tried("cortex_m0", "relu-rescale", network)).toMatchObject({ assembly: true, mismatches: 0 });
  },
  120_000,
);

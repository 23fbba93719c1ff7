import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { format } from "./format.js";
import { renderDiagnostics } from "./frame.js";
import { problem } from "./messages.js";
import { parse } from "./parse.js";
import { printFile } from "./print.js";
import type { SourceFile } from "./source.js";

const folder = join(import.meta.dirname, "cases");
const isUpdating = process.env["UPDATE"] === "1";

/** Cases are the files `input`; each has a golden beside it, written by `produce`. */
interface Suite {
  readonly name: string;
  readonly input: string;
  readonly golden: string;
  produce(source: SourceFile): string;
}

const suites: readonly Suite[] = [
  { name: "parse", input: ".bnm", golden: ".ast", produce: (source) => printFile(parsed(source), { places: true }) },
  { name: "recover", input: ".bnm", golden: ".txt", produce: recovered },
  { name: "format", input: ".in.bnm", golden: ".bnm", produce: (source) => format(parsed(source)) },
];

/** The tree of a file that must be free of mistakes. */
function parsed(source: SourceFile) {
  const { value, diagnostics } = parse(source);
  expect(renderDiagnostics(diagnostics, { color: false })).toBe("");
  return value;
}

/** Messages, then what was saved. */
function recovered(source: SourceFile): string {
  const { value, diagnostics } = parse(source);
  return `${renderDiagnostics(diagnostics, { color: false })}\n${printFile(value, { places: false })}`;
}

function sourceOf(suite: Suite, file: string): SourceFile {
  return { path: file, text: readFileSync(join(folder, suite.name, file), "utf8") };
}

function inputsOf(suite: Suite): readonly string[] {
  return readdirSync(join(folder, suite.name)).filter((file) => file.endsWith(suite.input));
}

for (const suite of suites) {
  describe(suite.name, () => {
    const inputs = inputsOf(suite);
    const goldens = new Set(inputs.map((file) => basename(file, suite.input) + suite.golden));

    test.each(inputs)("%s", (file) => {
      const golden = join(folder, suite.name, basename(file, suite.input) + suite.golden);
      const produced = suite.produce(sourceOf(suite, file));
      if (isUpdating) writeFileSync(golden, produced);
      expect(existsSync(golden), `${golden} is missing: bless it with UPDATE=1`).toBe(true);
      expect(produced).toBe(readFileSync(golden, "utf8"));
    });

    test("has no golden without a case", () => {
      const surplus = readdirSync(join(folder, suite.name)).filter((file) => !inputs.includes(file) && !goldens.has(file));
      if (isUpdating) for (const file of surplus) rmSync(join(folder, suite.name, file));
      else expect(surplus).toEqual([]);
    });
  });
}

const mistakes = suites[1]!;
const found = inputsOf(mistakes).flatMap((file) => parse(sourceOf(mistakes, file)).diagnostics);

test("every syntax diagnostic has a case", () => {
  const unseen = Object.keys(problem.table).filter((code) => !found.some((diagnostic) => diagnostic.code === code));
  // Tested on texts that are made for it, in parse.test.ts.
  expect(unseen).toEqual(["too-long"]);
});

test.each(
  found
    .filter(({ fix }) => fix !== undefined)
    .map((diagnostic) => [`${diagnostic.at.span.source.path} ${diagnostic.code} ${diagnostic.at.span.start}`, diagnostic] as const),
)("the fix helps: %s", (_, { fix, at }) => {
  const { source, start, end } = fix!.span;
  const text = source.text.slice(0, start) + fix!.text + source.text.slice(end);
  const [before, after] = [parse(source), parse({ path: at.span.source.path, text })];
  expect(after.diagnostics.length).toBeLessThan(before.diagnostics.length);
});

test.each(inputsOf(suites[0]!))("formatting %s keeps its tree and settles at once", (file) => {
  const once = format(parsed(sourceOf(suites[0]!, file)));
  const again = parsed({ path: file, text: once });
  expect(printFile(again, { places: false })).toBe(printFile(parsed(sourceOf(suites[0]!, file)), { places: false }));
  expect(format(again)).toBe(once);
});

test("the examples are written in the canonical layout", () => {
  for (const name of ["fc-mnist", "digits", "cnn-mnist", "gestures"]) {
    const { text } = sourceOf(suites[0]!, `${name}.bnm`);
    expect(format(parsed({ path: name, text }))).toBe(text);
    expect(readFileSync(join(folder, "format", `${name}.bnm`), "utf8")).toBe(text);
  }
});

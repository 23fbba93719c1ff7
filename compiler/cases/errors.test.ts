import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { positionAt } from "#grammar/source.js";
import { elaborate } from "../elaborate/elaborate.js";
import { problem } from "../elaborate/messages.js";
import { load } from "../load.js";

/**
 * Annotated cases: under each offending line a comment repeats the message that must be reported there,
 * `//   ^^^^ error[code]: message`, or `// @1-5 error[code]: message` for columns too far left for carets. Messages
 * that are missing and messages too many both fail. `// set: width=3` overrides a param. UPDATE=1 rewrites the comments.
 */
const folder = fileURLToPath(new URL("errors/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".bnm"));
const annotation = /^\s*\/\/ *(\^+|@[\d-]+) (error|warning)\[/;

function diagnose(text: string): readonly Diagnostic[] {
  const read = (path: string): string | undefined => (path === "lib.bnm" ? readFileSync(`${folder}lib/lib.bnm`, "utf8") : undefined);
  const loaded = load("case.bnm", text, read);
  const overrides = Object.fromEntries([...text.matchAll(/^\/\/ set: (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
  const elaborated = elaborate(loaded.value, { overrides, targets: ["host", "ch32v003"] });
  return hasErrors(loaded.diagnostics) ? loaded.diagnostics : [...loaded.diagnostics, ...elaborated.diagnostics];
}

/** The file with fresh annotations and no others. */
function annotate(text: string): string {
  const bare = text.split("\n").filter((line) => !annotation.test(line));
  const found = diagnose(text).map((diagnostic) => ({ diagnostic, line: bareLine(text, diagnostic) }));
  return bare.flatMap((line, i) => [line, ...found.filter((one) => one.line === i).map(({ diagnostic }) => caret(diagnostic))]).join("\n");
}

/** The index of a diagnostic's line once annotations are gone; those of `--set` belong to the line that sets it. */
function bareLine(text: string, { at }: Diagnostic): number {
  const { source, start } = at.span;
  const lines = text.split("\n");
  if (source.path === "--set") return lines.findIndex((line) => line.startsWith("// set:"));
  const line = positionAt(source, start).line - 1;
  return line - lines.slice(0, line).filter((before) => annotation.test(before)).length;
}

function caret({ at, severity, code, message }: Diagnostic): string {
  const { source, start, end } = at.span;
  const { column } = positionAt(source, start);
  const lineEnd = source.text.indexOf("\n", start);
  const width = Math.max(1, Math.min(end, lineEnd < 0 ? end : lineEnd) - start);
  const mark = column > 3 ? `//${" ".repeat(column - 3)}${"^".repeat(width)}` : `// @${column}-${column + width - 1}`;
  return `${mark} ${severity}[${code}]: ${message}`;
}

/** The code a case is named after. */
const codeOf = (file: string): string => file.replace(/(\.\d+)?\.bnm$/, "");

test.each(files)("%s", async (file) => {
  const text = readFileSync(folder + file, "utf8");
  const annotated = annotate(text);
  const code = codeOf(file);
  expect(annotated).toContain(code === "several-at-once" ? "error[" : `[${code}]`);
  await expect(annotated).toMatchFileSnapshot(folder + file);
});

test("every code of elaboration has a case named after it", () => {
  const cases = new Set(files.map(codeOf));
  expect(Object.keys(problem.table).filter((code) => !cases.has(code))).toEqual([]);
});

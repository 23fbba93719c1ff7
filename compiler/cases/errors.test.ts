import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { positionAt } from "#grammar/source.js";
import { diagnoseTuning } from "#runtime/docs/diagnose.js";
import { elaborate } from "../elaborate/elaborate.js";
import { problem } from "../elaborate/messages.js";
import type { Module } from "../ir/module.js";
import { load } from "../elaborate/load.js";
import { problem as planProblem } from "../plan/messages.js";
import { parseTarget } from "../plan/parse-target.js";
import { plan } from "../plan/plan.js";

/**
 * Annotated cases: under each offending line a comment repeats the message that must be reported there,
 * `//   ^^^^ error[code]: message`, or `// @1-5 error[code]: message` for columns too far left for carets. Messages
 * that are missing and messages too many both fail. `// set: width=3` overrides a param. UPDATE=1 rewrites the comments.
 * In the descriptions of targets, `*.yaml`, and in tunings, `*.tune.yaml`, comments begin with `#`.
 */
const folder = fileURLToPath(new URL("errors/", import.meta.url));
const files = readdirSync(folder).filter((file) => /\.(bnm|yaml)$/.test(file));
const annotation = /^\s*(\/\/|#) *(\^+|@[\d-]+) (error|warning)\[/;

const targets = ["host", "ch32v003"].map((name) => {
  const path = fileURLToPath(new URL(`../../mcu/${name}/target.yaml`, import.meta.url));
  return parseTarget(name, { path, text: readFileSync(path, "utf8") }).value!;
});

function diagnose(text: string, file: string): readonly Diagnostic[] {
  if (file.endsWith(".tune.yaml")) return diagnoseTuning({ path: "model.tune.yaml", text });
  if (file.endsWith(".yaml")) return parseTarget("case", { path: "target.yaml", text }).diagnostics;
  const read = (path: string): string | undefined => (path === "lib.bnm" ? readFileSync(`${folder}lib/lib.bnm`, "utf8") : undefined);
  const loaded = load("case.bnm", text, read);
  const overrides = Object.fromEntries([...text.matchAll(/^\/\/ set: (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
  const elaborated = elaborate(loaded.value, { overrides, targets: targets.map(({ name }) => name) });
  const found = hasErrors(loaded.diagnostics) ? loaded.diagnostics : [...loaded.diagnostics, ...elaborated.diagnostics];
  return hasErrors(found) ? found : [...found, ...planDiagnostics(elaborated.value)];
}

const planDiagnostics = ({ deployments, networks }: Module): readonly Diagnostic[] =>
  deployments.flatMap((deployment) => {
    const network = networks.find(({ name }) => name === deployment.network)!;
    return plan(
      network,
      targets.find(({ name }) => name === deployment.target)!,
      deployment,
    ).diagnostics;
  });

/** The file with fresh annotations and no others. */
function annotate(text: string, file: string): string {
  const bare = text.split("\n").filter((line) => !annotation.test(line));
  const found = diagnose(text, file).map((diagnostic) => ({ diagnostic, line: bareLine(text, diagnostic) }));
  return bare
    .flatMap((line, i) => [
      line,
      ...found.filter((one) => one.line === i).map(({ diagnostic }) => caret(diagnostic, file.endsWith(".yaml") ? "#" : "//")),
    ])
    .join("\n");
}

/** The index of a diagnostic's line once annotations are gone; those of `--set` belong to the line that sets it. */
function bareLine(text: string, { at }: Diagnostic): number {
  const { source, start } = at.span;
  const lines = text.split("\n");
  if (source.path === "--set") return lines.findIndex((line) => line.startsWith("// set:"));
  const line = positionAt(source, start).line - 1;
  return line - lines.slice(0, line).filter((before) => annotation.test(before)).length;
}

function caret({ at, severity, code, message }: Diagnostic, comment: string): string {
  const { source, start, end } = at.span;
  const { column } = positionAt(source, start);
  const lineEnd = source.text.indexOf("\n", start);
  const width = Math.max(1, Math.min(end, lineEnd < 0 ? end : lineEnd) - start);
  const room = column - 1 - comment.length;
  const mark = room > 0 ? `${comment}${" ".repeat(room)}${"^".repeat(width)}` : `${comment} @${column}-${column + width - 1}`;
  return `${mark} ${severity}[${code}]: ${message}`;
}

/** The code a case is named after. */
const codeOf = (file: string): string => file.replace(/(\.\d+)?(\.tune)?\.(bnm|yaml)$/, "");

test.each(files)("%s", async (file) => {
  const text = readFileSync(folder + file, "utf8");
  const annotated = annotate(text, file);
  const code = codeOf(file);
  expect(annotated).toContain(code === "several-at-once" ? "error[" : `[${code}]`);
  await expect(annotated).toMatchFileSnapshot(folder + file);
});

test("every code has a case named after it", () => {
  const cases = new Set(files.map(codeOf));
  // No layer of the catalogue lacks a kernel; plan.test.ts takes the kernels away.
  // Too deep a file is made in elaborate/limits.test.ts.
  const unreachable = ["too-many-steps", "no-kernel"];
  const codes = [...Object.keys(problem.table), ...Object.keys(planProblem.table)];
  expect(codes.filter((code) => !cases.has(code))).toEqual(unreachable);
});

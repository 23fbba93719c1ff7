import { type Diagnostic } from "#grammar/diagnostic.js";
import { renderDiagnostic } from "#grammar/frame.js";
import type { Target } from "#compiler/ir/target.js";
import { parseTarget } from "#compiler/plan/parse-target.js";
import { diagnose } from "./diagnose.js";
import type { Example } from "./errors.js";

/** A file of a folder of cases that is named after the message it causes: `bad-shape.bnm`, `bad-target.yaml`. */
export interface CaseFile {
  readonly name: string;
  readonly text: string;
}

/** What a message looks like, from the cases that are named after it; those of other names are passed over. */
export function examplesFrom(cases: readonly CaseFile[], targets: readonly Target[], read: (path: string) => string | undefined): ReadonlyMap<string, Example> {
  return new Map(
    cases.flatMap(({ name, text }): readonly (readonly [string, Example])[] => {
      const [, code, language] = /^([\w-]+)\.(bnm|yaml)$/.exec(name) ?? [];
      if (code === undefined || language === undefined) return [];
      const shown = withoutAnnotations(text);
      const diagnostics = language === "bnm" ? diagnose({ path: "model.bnm", text: shown }, { targets, read, overrides: overridesIn(text) }) : parseTarget("chip", { path: "target.yaml", text: shown }).diagnostics;
      return first(diagnostics, code, (found) => ({ language, text: shown, shown: renderDiagnostic(found, { color: false, width: 100 }) }));
    }),
  );
}

const first = (diagnostics: readonly Diagnostic[], code: string, example: (found: Diagnostic) => Example): readonly (readonly [string, Example])[] =>
  diagnostics.filter((diagnostic) => diagnostic.code === code).slice(0, 1).map((found) => [code, example(found)] as const);

/** The comments of a case that repeat what is reported: `//   ^^^^ error[code]: …`, `// @1-5 error[code]: …`. */
const annotation = /^\s*(\/\/|#) *(\^+|@[\d-]+) (error|warning)\[/;

const withoutAnnotations = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !annotation.test(line))
    .join("\n");

/** A case sets params by comments: `// set: width=3`. */
const overridesIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/^\/\/ set: (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));

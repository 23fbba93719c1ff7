import type { Diagnostic } from "#grammar/diagnostic.js";
import { renderDiagnostic } from "#grammar/frame.js";
import { parseTarget } from "#compiler/plan/parse-target.js";
import { diagnose, diagnoseTuning, type World } from "./diagnose.js";
import type { Example } from "./errors.js";

/** A file that causes messages: `bad-shape.bnm`, `malformed-target.yaml`, `stale-tuning.tune.yaml`. */
export interface CaseFile {
  readonly name: string;
  readonly text: string;
}

/** What each message looks like, from a case that is named after it, else from the shortest that causes it. */
export function examplesFrom(cases: readonly CaseFile[], world: World): ReadonlyMap<string, Example> {
  const candidates = cases
    .flatMap((each) => examplesIn(each, world).map(([code, example]) => ({ code, example, isNamed: each.name.startsWith(`${code}.`) })))
    .sort((a, b) => Number(a.isNamed) - Number(b.isNamed) || b.example.text.length - a.example.text.length);
  // Of one code, the last in a map counts.
  return new Map(candidates.map(({ code, example }) => [code, example]));
}

function examplesIn({ name, text }: CaseFile, world: World): readonly (readonly [string, Example])[] {
  const [kind, language] = name.split(".").slice(-2) as [string, string];
  const shown = withoutAnnotations(text);
  const found = diagnoseAs(kind, language, shown, { ...world, overrides: overridesIn(text) });
  return found.map(
    (diagnostic) =>
      [diagnostic.code, { language, text: shown, shown: renderDiagnostic(diagnostic, { color: false, width: 100 }) }] as const,
  );
}

function diagnoseAs(kind: string, language: string, text: string, world: World): readonly Diagnostic[] {
  if (language === "bnm") return diagnose({ path: "model.bnm", text }, world);
  if (kind === "tune") return diagnoseTuning({ path: "model.tune.yaml", text });
  return language === "yaml" ? parseTarget("chip", { path: "target.yaml", text }).diagnostics : [];
}

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

import type { Claim as WrittenClaim } from "#grammar/ast.js";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { spanText } from "#grammar/source.js";
import { catalog } from "../catalog/index.js";
import type { Kind } from "../catalog/parameter.js";
import type { Claim } from "../ir/module.js";
import type { Network } from "../ir/network.js";
import { apply, convert } from "./convert.js";
import { evaluate, type Report } from "./evaluate.js";
import { problem } from "./messages.js";
import { describe, type Environment } from "./value.js";

/** The statement a claim stands in; each decides some kinds of claims. */
export type Statement = "train" | "deploy";

/** What a statement's claims may be decided by. */
export const decidedIn: Readonly<Record<Statement, readonly string[]>> = {
  train: ["evaluation", "network"],
  deploy: ["plan", "simulation", "network"],
};

const natures = { require: "decided before training", expect: "measured afterwards" } as const;

/** Resolves claims; those that are wrong are reported and left out. */
export function resolveClaims(
  written: readonly WrittenClaim[],
  statement: Statement,
  environment: Environment,
  report: Report,
): readonly Claim[] {
  return written.flatMap((claim) => resolveClaim(claim, statement, environment, report) ?? []);
}

function resolveClaim(claim: WrittenClaim, statement: Statement, environment: Environment, report: Report): Claim | undefined {
  const { mode, comparison, span } = claim;
  // A subject is a word of the language even where a param has the same name.
  const value = evaluate(claim.subject, claim.subject.kind === "word" ? { get: () => undefined } : environment, report);
  if (value.kind !== "word" && value.kind !== "call") {
    if (value.kind !== "unknown")
      report(problem("wrong-value", value.span, { name: mode, expected: "the name of a claim", found: describe(value) }));
    return undefined;
  }
  const subject = apply("claims", value, report);
  if (subject === undefined) return undefined;
  const definition = catalog.claims[subject.name]!;
  const shown = `\`${spanText(claim.subject.span)}\``;
  if (definition.mode !== mode) {
    const word = { ...span, end: span.start + mode.length };
    const values = { subject: shown, nature: natures[definition.mode], mode: definition.mode };
    report(problem("wrong-claim-mode", word, values, { fix: { span: word, text: definition.mode } }));
    return undefined;
  }
  if (!decidedIn[statement].includes(definition.decision.by)) {
    const other = statement === "train" ? "deploy" : "train";
    report(problem("misplaced-claim", span, { subject: shown, place: statement }, { help: `move it to a \`${other}\` statement` }));
    return undefined;
  }
  const kind: Kind = { kind: "number", dimension: definition.dimension, whole: false, least: 0 };
  const bound = convert(kind, evaluate(claim.bound, environment, report), subject.name, report);
  if (typeof bound !== "number") return undefined;
  return { mode, subject, comparison, bound, dimension: definition.dimension, origin: span };
}

/** Whether a value meets a claim. */
export function holds({ comparison, bound }: Pick<Claim, "comparison" | "bound">, value: number): boolean {
  switch (comparison) {
    case "<=":
      return value <= bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case ">":
      return value > bound;
    case "==":
      return value === bound;
  }
}

/** Decides the claims that need nothing but the network. */
export function decideNetworkClaims(claims: readonly Claim[], network: Network, report: Report): void {
  for (const claim of claims) {
    const { decision } = catalog.claims[claim.subject.name]!;
    if (decision.by !== "network") continue;
    const value = decision.value(network, claim.subject.arguments);
    if (holds(claim, value)) continue;
    const { comparison, bound } = claim;
    report(problem("claim-not-met", claim.origin, { model: network.name, value, subject: claim.subject.name, comparison, bound }));
  }
}

/** The class that a claim is about, if it is about one. */
export function classOfClaim({ subject }: Claim): string | undefined {
  const named = catalog.claims[subject.name]!.parameters["class"] && subject.arguments["class"];
  return typeof named === "string" ? named : undefined;
}

/** What is wrong with claims about classes that a dataset does not have. */
export const unknownClasses = (claims: readonly Claim[], dataset: string, classes: readonly string[]): readonly Diagnostic[] =>
  claims.flatMap((claim) => {
    const name = classOfClaim(claim);
    return name === undefined || classes.includes(name)
      ? []
      : [
          problem(
            "unknown-class",
            claim.origin,
            { dataset: `dataset \`${dataset}\``, name },
            { help: `its classes: ${classes.join(", ")}` },
          ),
        ];
  });

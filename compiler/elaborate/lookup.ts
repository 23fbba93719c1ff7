import type { Span } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import { catalog } from "../catalog/index.js";
import type { Definition, Family } from "../catalog/parameter.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";
import type { WordValue } from "./value.js";

/** How many params a param is computed through, and how many blocks a block is expanded through: it bounds the recursion. */
export const mostSteps = 200;

/** The code that reports a name its family does not have. */
const codes = {
  quantizers: "unknown-quantizer",
  activations: "unknown-activation",
  layers: "unknown-layer",
  norms: "unknown-norm",
  sources: "unknown-source",
  transforms: "unknown-transform",
  augmentations: "unknown-augmentation",
  optimizers: "unknown-optimizer",
  schedules: "unknown-schedule",
  clips: "unknown-clip",
  progressions: "unknown-progression",
  prunings: "unknown-pruning",
  claims: "unknown-claim",
} as const satisfies Record<Family, string>;

const singular = (family: Family): string => family.slice(0, -1);

/** The entry of a family with this name; reports when there is none. */
export function lookUp(family: Family, name: WordValue, report: Report): Definition | undefined {
  const entry = Object.hasOwn(catalog[family], name.value) ? (catalog[family][name.value] as Definition) : undefined;
  if (entry === undefined) reportUnknown(codes[family], singular(family), name.value, name.span, Object.keys(catalog[family]), report);
  return entry;
}

type UnknownCode = (typeof codes)[Family] | "unknown-value" | "unknown-model" | "unknown-dataset" | "unknown-target";

/** Reports a name that nothing has, with the nearest one that something has. */
export function reportUnknown(code: UnknownCode, kind: string, name: string, span: Span, known: readonly string[], report: Report): void {
  const meant = suggest(name, known);
  const help = known.length === 0 ? { help: `no ${kind} is declared here` } : { help: `known: ${[...known].sort().join(", ")}` };
  const hint = meant === undefined ? {} : { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } };
  report(problem(code, span, { kind, name }, { ...help, ...hint }));
}

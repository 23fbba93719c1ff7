import type { Span } from "#grammar/source.js";
import { unsignedOf } from "../catalog/activation.js";
import { catalog } from "../catalog/index.js";
import type { Gives, LayerDefinition, Needs, Wanted } from "../catalog/layer.js";
import type { Layer, LayerId } from "../ir/network.js";
import { showType } from "../ir/types.js";
import type { Bound } from "./bind.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";

/** A layer whose arguments are in order and whose type is not yet known. */
export interface Draft {
  readonly id: LayerId;
  readonly definition: LayerDefinition;
  readonly attributes: Bound;
  readonly inputs: readonly LayerId[];
  readonly callee: Span;
  readonly origin: readonly Span[];
}

/**
 * Infers types: backwards what the readers of each value want, then forwards what each layer makes of its inputs. The
 * result lacks a layer that does not fit, which has been reported, and those behind it.
 */
export function inferTypes(input: Layer, drafts: readonly Draft[], report: Report): readonly Layer[] {
  const wanted = wantedTypes(drafts);
  const typed = new Map<LayerId, Layer>([[input.id, input]]);
  const roots = new Map<LayerId, LayerId>([[input.id, input.id]]);
  for (const draft of drafts) {
    const inputs = draft.inputs.flatMap((id) => typed.get(id) ?? []);
    if (inputs.length < draft.inputs.length) continue;
    const layer = infer(draft, inputs, wanted.get(draft.id), report);
    if (layer === undefined || !hasOneScale(draft, roots, report) || !mayHaveBias(draft, report)) continue;
    typed.set(draft.id, layer);
    roots.set(draft.id, hasOwnScale(draft, layer, inputs[0]!) ? draft.id : roots.get(draft.inputs[0]!)!);
  }
  return [...typed.values()];
}

/** What nobody reads. */
const eightBits: Wanted = { bits: 8, range: "sample" };

/** What the readers of a value want, and one of them. */
interface WantedBy {
  readonly wanted: Wanted;
  readonly reader: Draft;
}

/** What the readers of each value want: activations where some reader can read nothing else, sums where some prefers them. */
function wantedTypes(drafts: readonly Draft[]): ReadonlyMap<LayerId, WantedBy> {
  const all = new Map<LayerId, WantedBy>();
  for (const draft of [...drafts].reverse()) {
    const by = wantedBy(draft, all.get(draft.id));
    for (const input of draft.inputs) if (by !== undefined && (all.get(input)?.wanted ?? "i32") === "i32") all.set(input, by);
  }
  return all;
}

function wantedBy(draft: Draft, passedOn: WantedBy | undefined): WantedBy | undefined {
  const reads = draft.definition.reads?.(draft.attributes);
  if (reads === undefined || reads === "as-wanted") return reads && passedOn;
  return { wanted: reads === "i32" ? reads : activationsOf(draft.attributes), reader: draft };
}

const sayWanted = (wanted: Wanted): string =>
  wanted === "i32" ? wanted : `${unsignedOf(wanted)} of a ${wanted.range === "fixed" ? "fixed range" : "sample's range"}`;

function activationsOf(attributes: Bound): Wanted {
  const { bits, ones } = catalog.activations[attributes["activations"] as string]!;
  return { bits, ...(ones !== undefined && { ones }), range: attributes["range"] as "sample" | "fixed" };
}

function infer(
  { id, definition, attributes, inputs, callee, origin }: Draft,
  read: readonly Layer[],
  by: WantedBy | undefined,
  report: Report,
): Layer | undefined {
  const type = definition.infer(
    read.map((layer) => layer.type),
    attributes,
    by?.wanted ?? eightBits,
  );
  if ("needs" in type) {
    reportNeeds(definition.name, type, callee, read[0]!, report);
    return undefined;
  }
  if ("gives" in type) {
    reportGives(id, type, callee, by, report);
    return undefined;
  }
  const shape = definition.weights?.(read[0]!.type, attributes);
  const weights = shape === undefined ? {} : { weights: { shape, quantizer: attributes["weights"] as string } };
  const constants = definition.constants?.(type);
  return { id, op: definition.name, attributes, inputs, type, ...weights, ...(constants && { constants }), origin };
}

function reportNeeds(layer: string, { needs, remedy }: Needs, callee: Span, { type, origin }: Layer, report: Report): void {
  const found = showType(type);
  report(
    problem(
      "shape-mismatch",
      callee,
      { layer: `\`${layer}\``, expected: needs, found },
      {
        related: [{ span: origin[0]!, text: `gives ${found}` }],
        ...(remedy === undefined ? {} : { help: remedy }),
      },
    ),
  );
}

function reportGives(layer: LayerId, { gives, remedy }: Gives, callee: Span, by: WantedBy | undefined, report: Report): void {
  const read = by === undefined ? "nothing reads it" : `\`${by.reader.id}\` reads ${sayWanted(by.wanted)}`;
  const related = by === undefined ? [] : [{ span: by.reader.callee, text: `reads ${sayWanted(by.wanted)}` }];
  report(problem("unread-type", callee, { layer, gives, read }, { related, help: remedy }));
}

/** Whether the output of a layer has a scale of its own, which depends on the sample: after a norm, or requantized. */
const hasOwnScale = ({ definition, attributes }: Draft, { type, weights }: Layer, input: Layer): boolean =>
  weights === undefined ? type.element !== input.type.element : definition.reads?.(attributes) === "activations";

/** Whether a bias of the layer has a meaning; reports when it has none. */
function mayHaveBias({ id, attributes, callee }: Draft, report: Report): boolean {
  if (attributes["bias"] !== "yes" || attributes["range"] === "fixed") return true;
  report(problem("bias-without-range", callee, { layer: id }, { help: "set `range: fixed`, or leave the bias out" }));
  return false;
}

/** Whether all inputs of a layer share one scale: that of the last requantization before them; reports when they do not. */
function hasOneScale({ definition, inputs, callee }: Draft, roots: ReadonlyMap<LayerId, LayerId>, report: Report): boolean {
  const [first, ...others] = inputs as [LayerId, ...LayerId[]];
  const odd = others.find((id) => roots.get(id) !== roots.get(first));
  if (odd === undefined) return true;
  report(
    problem(
      "mixed-scales",
      callee,
      { layer: definition.name, one: first, other: odd },
      { help: "give the layers between them `norm: none`, which keeps sums wide" },
    ),
  );
  return false;
}

import type { Span } from "#grammar/source.js";
import type { LayerDefinition, Needs } from "../catalog/layer.js";
import type { Layer, LayerId } from "../ir/network.js";
import { type Element, showType } from "../ir/types.js";
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
  const wanted = wantedElements(drafts);
  const typed = new Map<LayerId, Layer>([[input.id, input]]);
  const roots = new Map<LayerId, LayerId>([[input.id, input.id]]);
  for (const draft of drafts) {
    const inputs = draft.inputs.flatMap((id) => typed.get(id) ?? []);
    if (inputs.length < draft.inputs.length) continue;
    const layer = infer(draft, inputs, wanted.get(draft.id) ?? "i8", report);
    if (layer === undefined || !hasOneScale(draft, roots, report)) continue;
    typed.set(draft.id, layer);
    roots.set(draft.id, hasOwnScale(draft, layer, inputs[0]!) ? draft.id : roots.get(draft.inputs[0]!)!);
  }
  return [...typed.values()];
}

/** The element type that the readers of each value want: i8 where some reader can read nothing else, i32 where some prefers it. */
function wantedElements(drafts: readonly Draft[]): ReadonlyMap<LayerId, Element> {
  const wanted = new Map<LayerId, Element>();
  for (const { id, definition, attributes, inputs } of [...drafts].reverse()) {
    const reads = definition.reads?.(attributes);
    const element = reads === "as-wanted" ? wanted.get(id) : reads;
    for (const input of inputs) if (element !== undefined && wanted.get(input) !== "i8") wanted.set(input, element);
  }
  return wanted;
}

function infer(
  { id, definition, attributes, inputs, callee, origin }: Draft,
  read: readonly Layer[],
  wanted: Element,
  report: Report,
): Layer | undefined {
  const type = definition.infer(
    read.map((layer) => layer.type),
    attributes,
    wanted,
  );
  if ("needs" in type) {
    reportNeeds(definition.name, type, callee, read[0]!, report);
    return undefined;
  }
  const shape = definition.weights?.(read[0]!.type, attributes);
  const weights = shape === undefined ? {} : { weights: { shape, quantizer: attributes["weights"] as string } };
  return { id, op: definition.name, attributes, inputs, type, ...weights, origin };
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

/** Whether the output of a layer has a scale of its own, which depends on the sample: after a norm, or requantized. */
const hasOwnScale = ({ definition, attributes }: Draft, { type, weights }: Layer, input: Layer): boolean =>
  weights === undefined ? type.element !== input.type.element : definition.reads?.(attributes) === "i8";

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

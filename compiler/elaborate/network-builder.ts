import type { Model, Name } from "#grammar/ast.js";
import type { Span } from "#grammar/source.js";
import type { LayerDefinition } from "../catalog/layer.js";
import type { SettingOrigin } from "../ir/module.js";
import type { Layer, LayerId, Network } from "../ir/network.js";
import { showType, sizeOf, type TensorType } from "../ir/types.js";
import type { Bound } from "./bind.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";
import { type Scope, settingOf } from "./scope.js";
import type { ArgumentValue } from "./value.js";

/** A layer whose arguments are in order and whose type is not yet known. */
export interface NewLayer {
  readonly definition: LayerDefinition;
  readonly attributes: Bound;
  readonly given: readonly ArgumentValue[];
  readonly scope: Scope;
  readonly as: Name | undefined;
  readonly callee: Span;
  readonly origin: readonly Span[];
}

/** Collects the layers of one network in order, infers their types and names them. */
export class NetworkBuilder {
  static readonly mostLayers = 1000;
  readonly #layers: Layer[] = [];
  readonly #settings: SettingOrigin[] = [];
  readonly #counts = new Map<string, number>();
  /** Where each name was given. */
  readonly #names = new Map<string, Span>();
  #last: Layer | undefined;
  #sound = true;
  #overflowed = false;

  constructor(
    readonly model: string,
    readonly report: Report,
  ) {}

  input(type: TensorType, as: Name | undefined, origin: Span): void {
    this.#add({ id: this.#nameOf("input", as, origin, ""), op: "input", attributes: {}, inputs: [], type, origin: [origin] });
  }

  /** Adds a layer after the last one, when its definition understands the last one's type. */
  layer({ definition, attributes, given, scope, as, callee, origin }: NewLayer): void {
    const count = (this.#counts.get(definition.name) ?? 0) + 1;
    this.#counts.set(definition.name, count);
    const id = this.#nameOf(definition.name, as, callee, String(count));
    const input = this.#last;
    if (input === undefined) return this.lost();
    const type = definition.infer(input.type, attributes);
    if ("needs" in type) {
      this.report(
        problem("shape-mismatch", callee, { layer: `\`${definition.name}\``, expected: type.needs, found: showType(input.type) }, {
          related: [{ span: input.origin[0]!, text: `gives ${showType(input.type)}` }],
          ...(type.remedy === undefined ? {} : { help: type.remedy }),
        }),
      );
      return this.lost();
    }
    const shape = definition.weights?.(input.type, attributes);
    const weights = shape === undefined ? {} : { weights: { shape, quantizer: attributes["weights"] as string } };
    this.#settings.push(...originsOf(this.model, id, { definition, attributes, given, scope }));
    this.#add({ id, op: definition.name, attributes, inputs: [input.id], type, ...weights, origin });
  }

  /** A stage could not be understood: what follows is checked without types. */
  lost(): void {
    this.#last = undefined;
    this.#sound = false;
  }

  /** Gives the last value another name. */
  alias(name: Name): void {
    this.#claimName(name.text, name.span);
  }

  /** Whether there are too many layers to go on, which is reported once. */
  isFull(span: Span): boolean {
    if (this.#layers.length <= NetworkBuilder.mostLayers) return false;
    if (!this.#overflowed) this.report(problem("too-many-layers", span, { model: this.model, limit: NetworkBuilder.mostLayers }));
    this.#overflowed = true;
    this.#sound = false;
    return true;
  }

  finish({ doc, name }: Model): { readonly network: Network; readonly settings: readonly SettingOrigin[] } | undefined {
    const result = this.#last;
    if (result === undefined || !this.#sound) return undefined;
    if (result.type.element !== "i32" || result.type.shape.length !== 1 || sizeOf(result.type.shape) < 2) {
      const help = "end with a `dense` of as many units as there are classes";
      this.report(problem("no-answer", result.origin[0]!, { model: `model \`${name.text}\``, found: showType(result.type) }, { help }));
      return undefined;
    }
    return { network: { name: this.model, doc, layers: this.#layers, result: result.id }, settings: this.#settings };
  }

  #add(layer: Layer): void {
    this.#layers.push(layer);
    this.#last = layer;
  }

  #nameOf(op: string, as: Name | undefined, callee: Span, count: string): LayerId {
    const id = as?.text ?? `${op}${count}`;
    this.#claimName(id, as?.span ?? callee);
    return id;
  }

  #claimName(name: string, span: Span): void {
    const before = this.#names.get(name);
    if (before === undefined) this.#names.set(name, span);
    else {
      this.report(problem("duplicate-name", span, { name }, { related: [{ span: before, text: "the first" }] }));
      this.#sound = false;
    }
  }
}

type Bindings = Pick<NewLayer, "definition" | "attributes" | "given" | "scope">;

/** Where each of a layer's settings came from. */
function originsOf(network: string, layer: LayerId, { definition, attributes, given, scope }: Bindings): SettingOrigin[] {
  return Object.entries(definition.parameters).map(([setting, parameter], position) => {
    const isGiven = given.some(({ name }, at) => (name === undefined ? at === position : name.text === setting));
    const inheritedFrom = parameter.inherited ? settingOf(scope, setting)?.scope.name : undefined;
    return { network, layer, setting, value: attributes[setting], from: isGiven ? "argument" : (inheritedFrom ?? "default") };
  });
}

import type { Model, Name } from "#grammar/ast.js";
import type { Span } from "#grammar/source.js";
import { catalog } from "../catalog/index.js";
import type { LayerDefinition } from "../catalog/layer.js";
import { withBias } from "../catalog/weighted.js";
import type { SettingOrigin } from "../ir/module.js";
import { type Layer, type LayerId, layerOf, type Network } from "../ir/network.js";
import { showType, sizeOf, type TensorType } from "../ir/types.js";
import type { Bound } from "./bind.js";
import type { Report } from "./evaluate.js";
import { reportUnknown } from "./lookup.js";
import { problem } from "./messages.js";
import { type Scope, settingOf } from "./scope.js";
import { type Draft, inferTypes } from "./typing.js";
import type { ArgumentValue } from "./value.js";

/** A layer as it was written, its arguments checked. */
export interface NewLayer {
  readonly definition: LayerDefinition;
  readonly attributes: Bound;
  readonly given: readonly ArgumentValue[];
  readonly scope: Scope;
  readonly as: Name | undefined;
  readonly callee: Span;
  readonly origin: readonly Span[];
}

/** What a name stands for, and where it was given. */
interface Named {
  readonly id: LayerId;
  readonly span: Span;
}

/** Collects the layers of one network in order and names them; types are inferred when all are known. */
export class NetworkBuilder {
  static readonly mostLayers = 1000;
  #input: Layer | undefined;
  readonly #drafts: Draft[] = [];
  readonly #settings: SettingOrigin[] = [];
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, Named>();
  #last: LayerId | undefined;
  #sound = true;
  #overflowed = false;

  constructor(
    readonly model: string,
    readonly report: Report,
  ) {}

  input(type: TensorType, as: Name | undefined, origin: Span): void {
    const id = this.#nameOf("input", as, origin, "");
    this.#input = { id, op: "input", attributes: {}, inputs: [], type, origin: [origin] };
    this.#last = id;
  }

  /** Adds a layer that reads the last one and those that its arguments name. */
  layer({ definition, attributes: bound, given, scope, as, callee, origin }: NewLayer): void {
    const attributes = withBias(bound);
    const count = (this.#counts.get(definition.name) ?? 0) + 1;
    this.#counts.set(definition.name, count);
    const named = this.#namedValues(definition, attributes, given);
    const id = this.#nameOf(definition.name, as, callee, String(count));
    if (named === undefined || this.#last === undefined) return this.lost();
    this.#settings.push(...originsOf(this.model, id, { definition, attributes, given, scope }));
    this.#drafts.push({
      id,
      definition,
      attributes: { ...attributes, ...named },
      inputs: [this.#last, ...Object.values(named)],
      callee,
      origin,
    });
    this.#last = attributes["bias"] === "yes" ? this.#biased(id, callee, origin) : id;
  }

  /** Adds the bias of a layer, which has its name from now on. */
  #biased(source: LayerId, callee: Span, origin: readonly Span[]): LayerId {
    const definition = Object.values(catalog.layers).find(({ implied }) => implied)!;
    const id = `${source}.${definition.name}`;
    this.#drafts.push({ id, definition, attributes: {}, inputs: [source], callee, origin });
    for (const [name, named] of this.#names) if (named.id === source) this.#names.set(name, { ...named, id });
    return id;
  }

  /** A stage could not be understood: what follows is checked without types. */
  lost(): void {
    this.#last = undefined;
    this.#sound = false;
  }

  /** Gives the last value another name. */
  alias(name: Name): void {
    this.#claimName(name.text, name.span, this.#last);
  }

  /** Whether there are too many layers to go on, which is reported once. */
  isFull(span: Span): boolean {
    if (this.#drafts.length < NetworkBuilder.mostLayers) return false;
    if (!this.#overflowed) this.report(problem("too-many-layers", span, { model: this.model, limit: NetworkBuilder.mostLayers }));
    this.#overflowed = true;
    this.#sound = false;
    return true;
  }

  finish({ doc, name }: Model): { readonly network: Network; readonly settings: readonly SettingOrigin[] } | undefined {
    if (this.#input === undefined) return undefined;
    const layers = inferTypes(this.#input, this.#drafts, this.report);
    if (this.#last === undefined || !this.#sound || layers.length <= this.#drafts.length) return undefined;
    const network = { name: this.model, doc, layers, result: this.#last };
    const result = layerOf(network, this.#last);
    if (result.type.element !== "i32" || result.type.shape.length !== 1 || sizeOf(result.type.shape) < 2) {
      const help = "end with a `dense` of as many units as there are classes";
      this.report(problem("no-answer", result.origin[0]!, { model: `model \`${name.text}\``, found: showType(result.type) }, { help }));
      return undefined;
    }
    return { network, settings: this.#settings };
  }

  /** The layers that arguments name, by parameter; undefined when there is none of a name, which has been reported. */
  #namedValues(
    { parameters }: LayerDefinition,
    attributes: Bound,
    given: readonly ArgumentValue[],
  ): Readonly<Record<string, LayerId>> | undefined {
    const wanted = Object.keys(parameters).filter((parameter) => parameters[parameter]!.kind.kind === "value");
    const found = wanted.map((parameter) => {
      const text = attributes[parameter] as string;
      const known = this.#names.get(text);
      if (known === undefined) {
        const { value } = given.find(({ value }) => value.kind === "word" && value.value === text)!;
        reportUnknown("unknown-value", "value", text, value.span, [...this.#names.keys()], this.report);
      }
      return [parameter, known?.id] as const;
    });
    return found.every(([, id]) => id !== undefined) ? (Object.fromEntries(found) as Record<string, LayerId>) : undefined;
  }

  #nameOf(op: string, as: Name | undefined, callee: Span, count: string): LayerId {
    return as === undefined ? this.#claimName(`${op}${count}`, callee) : this.#claimName(as.text, as.span);
  }

  /** Where a body is expanded again, its names go over to the new layers, which are called `name_2`, `name_3` … */
  #claimName(name: string, span: Span, id?: LayerId, count = 1): LayerId {
    const claimed = count === 1 ? name : `${name}_${count}`;
    const before = this.#names.get(claimed);
    if (before !== undefined && sameSpan(before.span, span)) return this.#claimName(name, span, id, count + 1);
    if (before !== undefined) {
      this.report(problem("duplicate-name", span, { name: claimed }, { related: [{ span: before.span, text: "the first" }] }));
      this.#sound = false;
    }
    for (const each of [name, claimed]) this.#names.set(each, { id: id ?? claimed, span });
    return claimed;
  }
}

const sameSpan = (a: Span, b: Span): boolean => a.source === b.source && a.start === b.start;

type Bindings = Pick<NewLayer, "definition" | "attributes" | "given" | "scope">;

/** Where each of a layer's settings came from. */
function originsOf(network: string, layer: LayerId, { definition, attributes, given, scope }: Bindings): SettingOrigin[] {
  return Object.entries(definition.parameters).map(([setting, parameter], position) => {
    const isGiven = given.some(({ name }, at) => (name === undefined ? at === position : name.text === setting));
    const inheritedFrom = parameter.inherited ? settingOf(scope, setting)?.scope.name : undefined;
    return { network, layer, setting, value: attributes[setting], from: isGiven ? "argument" : (inheritedFrom ?? "default") };
  });
}

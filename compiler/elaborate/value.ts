import type { Dimension } from "../ir/application.js";
import type { Span } from "#grammar/source.js";
import { quantity } from "#grammar/units.js";

/** What an expression comes to once every param is known. */
export type Value = NumberValue | TextValue | WordValue | ListValue | CallValue | ChainValue | Unknown;

export interface NumberValue {
  readonly kind: "number";
  /** In the base unit of its dimension. */
  readonly value: number;
  readonly dimension: Dimension;
  readonly span: Span;
}

export interface TextValue {
  readonly kind: "text";
  readonly value: string;
  readonly span: Span;
}

/** A name that no param or variable has: a word of the language. */
export interface WordValue {
  readonly kind: "word";
  readonly value: string;
  readonly span: Span;
}

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly span: Span;
}

export interface CallValue {
  readonly kind: "call";
  readonly callee: WordValue;
  readonly arguments: readonly ArgumentValue[];
  readonly span: Span;
}

export interface ArgumentValue {
  readonly name?: { readonly text: string; readonly span: Span };
  readonly value: Value;
}

export interface ChainValue {
  readonly kind: "chain";
  readonly links: readonly (CallValue | WordValue)[];
  readonly span: Span;
}

/** Stands for a value that could not be computed and has been reported; it fits everywhere silently. */
export interface Unknown {
  readonly kind: "unknown";
  readonly span: Span;
}

/** Names bound to values: params, block parameters, loop variables. */
export interface Environment {
  get(name: string): Value | undefined;
}

/** The environment with more names, which hide those around them. */
export function extend(outer: Environment, inner: ReadonlyMap<string, Value>): Environment {
  return { get: (name) => inner.get(name) ?? outer.get(name) };
}

/** The same value at another place, so that messages point to where it is used. */
export const at = <V extends Value>(value: V, span: Span): V => ({ ...value, span });

const dimensionNouns: Readonly<Record<Dimension, string>> = {
  none: "a plain number",
  size: "a size",
  time: "a time",
  angle: "an angle",
  share: "a share",
  frequency: "a frequency",
  cycles: "a number of cycles",
  epochs: "a number of epochs",
  steps: "a number of steps",
  samples: "a number of samples",
  pixels: "a number of pixels",
};

export const nameDimension = (dimension: Dimension): string => dimensionNouns[dimension];

/** How a message calls a value: `the text "idle"`, `a list`; a number of the wanted dimension by its amount. */
export function describe(value: Value, wanted: Dimension = "none"): string {
  switch (value.kind) {
    case "number":
      if (value.dimension === "none") return `${value.value}`;
      return value.dimension === wanted ? quantity(value.value, wanted) : nameDimension(value.dimension);
    case "text":
      return `the text "${value.value}"`;
    case "word":
      return `\`${value.value}\``;
    case "list":
      return value.items.length === 0 ? "an empty list" : "a list";
    case "call":
      return `\`${value.callee.value}(…)\``;
    case "chain":
      return "a chain of `->`";
    case "unknown":
      return "an unknown value";
  }
}

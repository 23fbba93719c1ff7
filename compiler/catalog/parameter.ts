import type { Application, Chain, Dimension } from "../ir/application.js";

/**
 * The parameters of catalogue entries: `dense(units: 64)`, `rotate(10 deg)`, `epochs: 60`. A parameter is data, so that the
 * checker, the editor and the manual read the same definition; its type parameter is the type of the value after checking.
 */

/** The families of entries that a value can name, as in `weights: 4bitsym` or `rate: cosine(from: 0.001, to: 0)`. */
export type Family =
  | "quantizers"
  | "activations"
  | "layers"
  | "norms"
  | "sources"
  | "transforms"
  | "augmentations"
  | "optimizers"
  | "schedules"
  | "clips"
  | "progressions"
  | "prunings"
  | "claims";

export type Kind =
  | { readonly kind: "number"; readonly dimension: Dimension; readonly whole: boolean; readonly least?: number; readonly most?: number }
  | { readonly kind: "choice"; readonly words: readonly string[] }
  | { readonly kind: "text" }
  | { readonly kind: "list"; readonly of: Kind; readonly least: number }
  | { readonly kind: "entry"; readonly family: Family; readonly bare: boolean }
  | { readonly kind: "chain"; readonly family: Family; readonly head?: Family }
  /** The output of a layer further up, by name. */
  | { readonly kind: "value" }
  | { readonly kind: "model" };

export interface Parameter<T> {
  readonly kind: Kind;
  readonly summary: string;
  /** The value when it is not given; absent when it must be. */
  readonly fallback?: T;
  /** Whether an enclosing scope may set it: argument, then block, then model, then `fallback`. */
  readonly inherited: boolean;
  /** The name of another parameter: this one means nothing where that one is not given. */
  readonly beside?: string;
}

// The constraint is `any`-free: a parameter is only ever read, so it is covariant in T.
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type ArgumentsOf<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

interface NumberLimits {
  readonly least?: number;
  readonly most?: number;
}

const required = <T>(kind: Kind, summary: string): Parameter<T> => ({ kind, summary, inherited: false });

export const count = (summary: string, limits: NumberLimits = { least: 1 }): Parameter<number> =>
  required({ kind: "number", dimension: "none", whole: true, ...limits }, summary);

export const number = (summary: string, limits: NumberLimits = {}): Parameter<number> =>
  required({ kind: "number", dimension: "none", whole: false, ...limits }, summary);

/** A number with a dimension; a bare number is taken in the base unit. */
export const measure = (dimension: Dimension, summary: string, limits: NumberLimits = { least: 0 }): Parameter<number> =>
  required({ kind: "number", dimension, whole: dimension === "epochs" || dimension === "steps", ...limits }, summary);

export const choice = <const W extends string>(words: readonly W[], summary: string): Parameter<W> =>
  required({ kind: "choice", words }, summary);

export const text = (summary: string): Parameter<string> => required({ kind: "text" }, summary);

export const list = <T>(of: Parameter<T>, summary: string, least = 1): Parameter<readonly T[]> =>
  required({ kind: "list", of: of.kind, least }, summary);

/** One entry of a family that takes no arguments here, by name: a quantizer, a norm. */
export const entryName = (family: Family, summary: string): Parameter<string> => required({ kind: "entry", family, bare: true }, summary);

/** One entry of a family with its arguments. */
export const entry = (family: Family, summary: string): Parameter<Application> => required({ kind: "entry", family, bare: false }, summary);

export const chain = (family: Family, summary: string, head?: Family): Parameter<Chain> =>
  required(head === undefined ? { kind: "chain", family } : { kind: "chain", family, head }, summary);

/** Another value of the network, by its `as` name: one more input of the layer. The IR has the layer's id. */
export const valueName = (summary: string): Parameter<string> => required({ kind: "value" }, summary);

/** A model of the file, or one that it uses, by name. */
export const modelName = (summary: string): Parameter<string> => required({ kind: "model" }, summary);

export const optional = <T>(parameter: Parameter<T>, fallback: T): Parameter<T> => ({ ...parameter, fallback });

export const inherited = <T>(parameter: Parameter<T>): Parameter<T> => ({ ...parameter, inherited: true });

/** A parameter that means nothing where the one called `other` is not given. */
export const beside = <T>(other: string, parameter: Parameter<T>): Parameter<T> => ({ ...parameter, beside: other });

/** What every catalogue entry has. */
export interface Definition<P extends Parameters = Parameters> {
  readonly name: string;
  /** One sentence for `--help`, hover and the manual. */
  readonly summary: string;
  readonly parameters: P;
}

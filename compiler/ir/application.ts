import type { Unit } from "#grammar/units.js";

/** A catalogue entry applied to arguments: `{ name: "cosine", arguments: { from: 0.001, to: 0 } }`. */
export interface Application {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Applications in order: `mnist -> resize(16, 16)` is a source and a transform. */
export type Chain = readonly Application[];

/** What a number measures; values arrive in the base unit of grammar/units.ts: bytes, seconds, degrees, 1 for 100%. */
export type Dimension = Unit["dimension"] | "none";

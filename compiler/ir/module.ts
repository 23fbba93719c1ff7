import type { Span } from "#grammar/source.js";
import type { Application, Chain, Dimension } from "./application.js";
import type { Network } from "./network.js";

/** Everything the given files say, resolved: what `train`, `emit-c` and `eval` act on. */
export interface Module {
  readonly networks: readonly Network[];
  readonly datasets: readonly Dataset[];
  readonly trainings: readonly Training[];
  readonly deployments: readonly Deployment[];
  /** The params that were set from outside, as they were written: provenance. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Where each layer's settings come from. */
  readonly settings: readonly SettingOrigin[];
}

/** `check --show settings`, one line: layer `dense1` of `fc` has `weights` 4bitsym from "model fc". */
export interface SettingOrigin {
  readonly network: string;
  readonly layer: string;
  readonly setting: string;
  readonly value: unknown;
  /** "argument", "default", or the scope that gives it. */
  readonly from: string;
}

export interface Dataset {
  readonly name: string;
  readonly source: Application;
  readonly transforms: Chain;
  readonly augment: Chain;
  /** Names of the classes, when the declaration or the source states them. */
  readonly classes?: readonly string[];
  /** Of one sample as the network gets it, when it is known before reading any data. */
  readonly shape?: readonly number[];
  readonly origin: Span;
}

export interface Training {
  readonly network: string;
  readonly dataset: string;
  /** Checked against the `train` statement's parameters: see catalog/statements/train.ts for their types. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly claims: readonly Claim[];
  readonly origin: Span;
}

export interface Deployment {
  readonly network: string;
  readonly target: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly claims: readonly Claim[];
  readonly origin: Span;
  /** Where the target is named. */
  readonly targetOrigin: Span;
}

/** `require flash <= 14 KiB`: the bound is in the base unit of the subject's dimension. */
export interface Claim {
  readonly mode: "require" | "expect";
  /** A catalogue claim with its arguments: `recall("idle")`. */
  readonly subject: Application;
  readonly comparison: "<=" | ">=" | "<" | ">" | "==";
  readonly bound: number;
  readonly dimension: Dimension;
  readonly origin: Span;
}

import type { SourceFile, Span } from "./source.js";

/**
 * What was written, as immutable nodes. The tree knows no layer, format or chip: `dense(64)` is a call of
 * something named `dense`. Every node has the span it was written at; names, words and texts that recovery
 * invented are "" with an empty span where they were missed.
 */
export interface File {
  readonly source: SourceFile;
  /** The `///` lines at the top that belong to no declaration, joined by newlines; "" when there are none. */
  readonly doc: string;
  readonly declarations: readonly Declaration[];
  /** All comments in order, documentation comments included; the formatter puts them back. */
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly span: Span;
  /** Without the slashes and the space after them, trailing space removed. */
  readonly text: string;
  /** Whether it was `///`. */
  readonly doc: boolean;
}

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export type Declaration = Use | Param | Block | Dataset | Model | Train | Deploy;

interface Declared {
  readonly span: Span;
  /** The `///` lines above it, joined by newlines; "" when there are none. */
  readonly doc: string;
}

/** `use digits, letters from "lib/digits.bnm"` */
export interface Use extends Declared {
  readonly kind: "use";
  readonly names: readonly Name[];
  readonly path: Text;
}

/** `param hidden = [64, 64]` */
export interface Param extends Declared {
  readonly kind: "param";
  readonly name: Name;
  readonly value: Expression;
}

/** `block features(channels) { … }` */
export interface Block extends Declared {
  readonly kind: "block";
  readonly name: Name;
  readonly parameters: readonly Name[];
  readonly body: Body;
}

/** `model fc { … }` */
export interface Model extends Declared {
  readonly kind: "model";
  readonly name: Name;
  readonly body: Body;
}

/** `dataset digits { samples: mnist -> resize(16, 16) }` */
export interface Dataset extends Declared {
  readonly kind: "dataset";
  readonly name: Name;
  readonly settings: readonly Setting[];
}

/** `train fc on digits { … }` */
export interface Train extends Declared {
  readonly kind: "train";
  readonly model: Name;
  readonly dataset: Name;
  readonly settings: readonly Setting[];
  readonly claims: readonly Claim[];
}

/** `deploy fc to ch32v003, host { … }` */
export interface Deploy extends Declared {
  readonly kind: "deploy";
  readonly model: Name;
  readonly targets: readonly Name[];
  readonly settings: readonly Setting[];
  readonly claims: readonly Claim[];
}

/** Settings, then one pipeline. */
export interface Body {
  readonly span: Span;
  readonly settings: readonly Setting[];
  readonly pipeline: Pipeline;
}

/** `weights: 4bitsym` */
export interface Setting {
  readonly kind: "setting";
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

/** `require flash <= 14 KiB`, `expect recall("idle") >= 97%` */
export interface Claim {
  readonly kind: "claim";
  readonly mode: "require" | "expect";
  readonly subject: Expression;
  readonly comparison: "<=" | ">=" | "<" | ">" | "==";
  readonly bound: Expression;
  readonly span: Span;
}

/** Stages joined by `->`. */
export interface Pipeline {
  readonly kind: "pipeline";
  readonly stages: readonly Stage[];
  readonly span: Span;
}

export type Stage = Apply | Input | Repeat;

/** `dense(10)`, `flatten`, `relu as hidden`: `arguments` is empty for a bare name. */
export interface Apply {
  readonly kind: "apply";
  readonly callee: Name;
  readonly arguments: readonly Argument[];
  readonly as?: Name;
  readonly span: Span;
}

/** `input i8[16, 16] as image` */
export interface Input {
  readonly kind: "input";
  readonly element: Name;
  readonly shape: readonly Expression[];
  readonly as?: Name;
  readonly span: Span;
}

/** `repeat 3 { … }` (no variable) and `repeat width in hidden { … }` */
export interface Repeat {
  readonly kind: "repeat";
  readonly variable?: Name;
  /** A count, or with a variable the list it runs through. */
  readonly over: Expression;
  readonly body: Body;
  readonly as?: Name;
  readonly span: Span;
}

/** `kernel: 3` or `3` */
export interface Argument {
  readonly name?: Name;
  readonly value: Expression;
  readonly span: Span;
}

export type Expression = Quantity | Text | Word | List | Call | Binary | Negate | Pipeline;

/** `14 KiB`, `80%`, `0.001`: a number with the unit as written, if any (`%` included). */
export interface Quantity {
  readonly kind: "quantity";
  readonly value: number;
  readonly unit?: Name;
  readonly span: Span;
}

export interface Text {
  readonly kind: "text";
  readonly value: string;
  readonly span: Span;
}

/** A bare name in a value position: a param, a loop variable, or a word of the language such as `4bitsym`. */
export interface Word {
  readonly kind: "word";
  readonly text: string;
  readonly span: Span;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `cosine(from: 0.001, to: 0)` in a value position. */
export interface Call {
  readonly kind: "call";
  readonly callee: Name;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Binary {
  readonly kind: "binary";
  readonly operator: "+" | "-" | "*" | "/";
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface Negate {
  readonly kind: "negate";
  readonly operand: Expression;
  readonly span: Span;
}

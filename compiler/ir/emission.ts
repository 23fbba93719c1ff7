/** Emitted files: path → text. The same plan, weights and provenance give the same bytes. */
export type Emission = ReadonlyMap<string, string>;

/** The files of templates/, by path below that folder. */
export type Templates = ReadonlyMap<string, string>;

/** What templates call a partial: the name of a file in a folder called partials/, without folder and extension. */
export const partialName = (path: string): string | undefined => /(?:^|\/)partials\/([^/.]+)\.[a-z.]*hbs$/.exec(path)?.[1];

/** Where an emission comes from, as its header will say: nothing that changes from day to day or place to place. */
export interface Provenance {
  /** The model's file as the user named it. */
  readonly model: string;
  /** Which weights: a file and its hash. */
  readonly weights: string;
  /** The params that were set from outside. */
  readonly params: Readonly<Record<string, string>>;
  /** Of bnmc. */
  readonly version: string;
  /** What to type to get the same files again. */
  readonly command: string;
  /** In the order of the logits; empty when they are not known. */
  readonly classes: readonly string[];
  /** The compiler that code and stack of the plan were measured with; without it they are estimates. */
  readonly sizedBy?: string;
  /** How samples became inputs in training, step by step; empty when it is not known. */
  readonly preparation: readonly string[];
}

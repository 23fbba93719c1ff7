import { suggest } from "./suggest.js";

/** What a unit measures; quantities of one dimension compare after multiplying by their factors. */
export type Dimension = "size" | "time" | "angle" | "share" | "frequency" | "cycles" | "epochs" | "steps" | "samples" | "pixels";

export interface Unit {
  /** As it is written after a number. */
  readonly text: string;
  readonly dimension: Dimension;
  /** How many base units (B, s, deg, 1, Hz, …) one of it is. */
  readonly factor: number;
}

/** The closed list: every unit of the language. The first of a dimension with factor 1 is its base. */
export const units: readonly Unit[] = [
  { text: "B", dimension: "size", factor: 1 },
  { text: "kB", dimension: "size", factor: 1000 },
  { text: "MB", dimension: "size", factor: 1_000_000 },
  { text: "KiB", dimension: "size", factor: 1024 },
  { text: "MiB", dimension: "size", factor: 1024 * 1024 },
  { text: "s", dimension: "time", factor: 1 },
  { text: "ms", dimension: "time", factor: 1e-3 },
  { text: "us", dimension: "time", factor: 1e-6 },
  { text: "min", dimension: "time", factor: 60 },
  { text: "deg", dimension: "angle", factor: 1 },
  { text: "rad", dimension: "angle", factor: 180 / Math.PI },
  { text: "%", dimension: "share", factor: 0.01 },
  { text: "Hz", dimension: "frequency", factor: 1 },
  { text: "kHz", dimension: "frequency", factor: 1000 },
  { text: "MHz", dimension: "frequency", factor: 1_000_000 },
  ...counted("cycles", "cycle", "cycles"),
  ...counted("epochs", "epoch", "epochs"),
  ...counted("steps", "step", "steps"),
  ...counted("samples", "sample", "samples"),
  { text: "px", dimension: "pixels", factor: 1 },
];

const byText: ReadonlyMap<string, Unit> = new Map(units.map((unit) => [unit.text, unit]));

/** The unit written so, exactly; undefined when the language has none such. */
export function unitOf(text: string): Unit | undefined {
  return byText.get(text);
}

/** A value in base units as one would write it: `10%`, `5 epochs`, `1 epoch`. */
export function quantity(value: number, dimension: Dimension): string {
  if (dimension === "share") return `${Number((100 * value).toPrecision(12))}%`;
  const base = units.filter((unit) => unit.dimension === dimension && unit.factor === 1);
  return `${value} ${base.at(value === 1 ? -1 : 0)!.text}`;
}

/** The unit that was probably meant, of one dimension when the place allows only that. */
export function suggestUnit(wrong: string, dimension?: Dimension): string | undefined {
  return suggest(
    wrong,
    units.filter((unit) => dimension === undefined || unit.dimension === dimension).map((unit) => unit.text),
  );
}

function counted(dimension: Dimension, singular: string, plural: string): readonly Unit[] {
  return [plural, singular].map((text) => ({ text, dimension, factor: 1 }));
}

import { type Dimension, units } from "#grammar/units.js";
import { code, heading, page, paragraph, table } from "../markdown.js";

/** Every unit of the language, by what it measures. */
export const unitsPage = (): string =>
  page(
    heading(1, "Units"),
    paragraph(
      "A number may carry one of these, after a space: `14 KiB`, `10 deg`, `60 epochs`; only `%` may touch it. A bare number is " +
        "taken in the base unit of what the place measures. Sums need equal dimensions; a product or quotient may have one on one side.",
    ),
    table(
      ["Measures", "Base unit", "Others"],
      dimensions().map((dimension) => {
        const all = units.filter((unit) => unit.dimension === dimension);
        const base = all.find(({ factor }) => factor === 1);
        const others = all.filter((unit) => unit !== base).map(({ text, factor }) => `${code(text)} = ${showFactor(factor)}`);
        return [dimension, base === undefined ? "a bare number" : code(base.text), others.join(", ")];
      }),
    ),
  );

const dimensions = (): readonly Dimension[] => [...new Set(units.map(({ dimension }) => dimension))];

const showFactor = (factor: number): string => String(Number(factor.toPrecision(8)));

import type { Definition, Family, Kind, Parameter, Parameters } from "#compiler/catalog/parameter.js";
import { forever } from "#compiler/catalog/training.js";
import { expectation } from "#compiler/elaborate/convert.js";
import { showValue } from "#compiler/ir/print.js";
import { quantity } from "#grammar/units.js";
import { code, heading, link, page, paragraph, table } from "../markdown.js";

/** The page on which the entries of a family are described. */
const pageOf: Readonly<Record<Family, string>> = {
  quantizers: "quantizers.md",
  activations: "layers.md",
  layers: "layers.md",
  norms: "norms.md",
  sources: "data.md#sources",
  transforms: "data.md#transforms",
  augmentations: "data.md#augmentations",
  optimizers: "training.md#optimizers",
  schedules: "training.md#schedules",
  clips: "training.md#clips",
  progressions: "training.md#progressions",
  prunings: "training.md#prunings",
  claims: "claims.md",
};

/** One entry of the catalogue: what it does, how it is called, and what it may be told. */
export const entrySection = (level: 2 | 3, entry: Definition, about = entry.summary): string =>
  page(heading(level, code(entry.name)), paragraph(about), ...usage(entry), parameterTable(entry.parameters));

/** All entries of a family, by name. */
export const familySections = (level: 2 | 3, family: Readonly<Record<string, Definition>>): string =>
  page(...Object.values(family).map((entry) => entrySection(level, entry)));

/** What parameters there are, what they take and what they are without being told. */
export const parameterTable = (parameters: Parameters): string =>
  table(
    ["Name", "Takes", "Default", "Meaning"],
    Object.entries(parameters).map(([name, parameter]) => [code(name), takes(parameter.kind), fallback(parameter), parameter.summary]),
  );

function usage({ name, parameters }: Definition): readonly string[] {
  const written = Object.entries(parameters).flatMap(([label, { fallback: value, inherited, kind }]) => {
    if (inherited) return [];
    return value === undefined ? [label] : [`${label}: ${showDefault(kind, value)}`];
  });
  return written.length === 0 ? [] : [paragraph(code(`${name}(${written.join(", ")})`))];
}

/** The words of the messages, with a link to what may stand there. */
function takes(kind: Kind): string {
  const families = kind.kind === "entry" ? [kind.family] : kind.kind === "chain" ? [kind.head ?? kind.family, kind.family] : [];
  return [...new Set(families)].reduce((text, family) => text.replace(family, link(family, pageOf[family])), expectation(kind));
}

function fallback({ fallback: value, inherited, kind }: Parameter<unknown>): string {
  const shown = value === undefined ? undefined : code(showDefault(kind, value));
  if (inherited) return shown === undefined ? "inherited" : `inherited, else ${shown}`;
  return shown ?? "required";
}

/** A default as one would write it: `10%`, `5 epochs`. */
function showDefault(kind: Kind, value: unknown): string {
  if (value === forever) return "never";
  if (kind.kind === "text") return JSON.stringify(value);
  if (Array.isArray(value) && value.length === 0) return "none";
  if (kind.kind === "number" && kind.dimension !== "none") return quantity(Number(value), kind.dimension);
  return showValue(value);
}

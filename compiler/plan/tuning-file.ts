import { isMap, isScalar, parseDocument } from "yaml";
import type { Checked } from "#grammar/diagnostic.js";
import type { SourceFile } from "#grammar/source.js";
import type { Cost } from "../ir/plan.js";
import { problem } from "./messages.js";
import type { Fingerprint } from "./fingerprint.js";
import { type OfferName, type Conditions, type MeasuredOffer, objectives, offerKey, stepKey, type Tuning } from "./tuning.js";

/** `<model>.tune.yaml`: the tunings of a model by target. */
export type Tunings = ReadonlyMap<string, Tuning>;

/** Reads a tuning file; nothing of it counts when something in it is wrong. */
export function parseTunings(source: SourceFile): Checked<Tunings> {
  const document = parseDocument(source.text);
  const first = [0, source.text.split("\n", 1)[0]!.length] as const;
  const wrong = (what: string, [start, end]: readonly [number, number] = first): Checked<Tunings> => ({
    value: new Map(),
    diagnostics: [problem("malformed-tuning", { source, start, end }, { what }, { help: "remove the file, then run `bnmc tune` again" })],
  });
  const [error] = document.errors;
  if (error !== undefined) return wrong("it is not YAML", [error.pos[0], lineEnd(source.text, error.pos[0])]);
  if (!isMap(document.contents)) return wrong("it has no targets");
  const tunings = new Map<string, Tuning>();
  for (const { key, value } of document.contents.items) {
    const name = String(isScalar(key) ? key.value : key);
    const [start, end] = rangeOf(key) ?? first;
    const read = isMap(value) ? readTuning(value.toJS(document) as Fields) : undefined;
    if (read === undefined) return wrong(`what it says of ${name} is incomplete`, [start, end]);
    const unclear = read.chosen && unclearStep([...read.offers, ...read.chosen.choices], read.chosen.choices);
    if (unclear) {
      return wrong(
        `\`${unclear.step}\` of ${name} needs one \`chosen: true\` and has ${unclear.choices}`,
        stepRange(value, unclear.step) ?? [start, end],
      );
    }
    tunings.set(name, { ...read, origin: { source, start, end } });
  }
  return { value: tunings, diagnostics: [] };
}

const lineEnd = (text: string, from: number): number => (text.indexOf("\n", from) + 1 || text.length + 1) - 1;

/** Where a key of the file stands. */
function rangeOf(key: unknown): readonly [number, number] | undefined {
  const range = isScalar(key) ? key.range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

function stepRange(target: unknown, step: string): readonly [number, number] | undefined {
  const steps = isMap(target) ? target.get("steps") : undefined;
  const found = isMap(steps) ? steps.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
  return rangeOf(found?.key);
}

/** The first step with layers that no chosen offer runs, or several do, and how many of its offers were chosen. */
function unclearStep(
  offers: readonly OfferName[],
  choices: readonly OfferName[],
): { readonly step: string; readonly choices: number } | undefined {
  const times = new Map<string, number>();
  for (const layer of choices.flatMap(({ layers }) => layers)) times.set(layer, (times.get(layer) ?? 0) + 1);
  const unclear = offers.find(({ layers }) => layers.some((layer) => times.get(layer) !== 1));
  if (unclear === undefined) return undefined;
  const step = stepKey(unclear.layers);
  return { step, choices: choices.filter(({ layers }) => stepKey(layers) === step).length };
}

/** A part of the file: nothing is known of it yet. */
type Fields = Readonly<Record<string, unknown>>;

const fieldsIn = (fields: Fields, name: string): Fields => Object(fields[name]) as Fields;
const hasTexts = (fields: Fields, ...names: readonly string[]): boolean => names.every((name) => typeof fields[name] === "string");
const hasCounts = (fields: Fields, ...names: readonly string[]): boolean =>
  names.every((name) => Number.isFinite(fields[name]) && (fields[name] as number) >= 0);

/** A line of a step. A chosen offer that was never measured by itself, since its estimate promised little, has no figures. */
interface ReadOffer {
  readonly choice: OfferName;
  readonly measured: MeasuredOffer | undefined;
  readonly chosen: boolean;
}

function readTuning(fields: Fields): Omit<Tuning, "origin"> | undefined {
  const [of, by, whole, steps] = ["of", "measured", "whole", "steps"].map((name) => fieldsIn(fields, name)) as [
    Fields,
    Fields,
    Fields,
    Fields,
  ];
  const objective = objectives.find((each) => each === fields["objective"]);
  const offers = Object.keys(steps).flatMap((step) =>
    Object.values(fieldsIn(steps, step)).map((each) => readOffer(step.split(" "), Object(each) as Fields)),
  );
  const complete = hasTexts(of, "network", "target", "kernels") && hasTexts(by, "weights", "compiler") && hasCounts(by, "samples");
  if (!complete || objective === undefined || offers.length === 0 || !offers.every((offer) => offer !== undefined)) return undefined;
  const cost = readCost(whole);
  return {
    ...{ fingerprint: of as unknown as Fingerprint, by: by as unknown as Conditions, objective },
    offers: offers.flatMap(({ measured }) => measured ?? []),
    ...(cost === undefined ? {} : { chosen: { choices: offers.flatMap(({ choice, chosen }) => (chosen ? [choice] : [])), cost } }),
  };
}

function readOffer(layers: readonly string[], fields: Fields): ReadOffer | undefined {
  const { variant = "", chosen = false, ...rest } = fields;
  if (!hasTexts(fields, "kernel") || typeof variant !== "string" || typeof chosen !== "boolean") return undefined;
  const isMeasured = hasCounts(fields, "cycles", "code", "stack");
  if (!isMeasured && (!chosen || Object.keys(rest).length > 1)) return undefined;
  const { chosen: _, ...figures } = fields as unknown as MeasuredOffer & { readonly chosen?: boolean };
  return { choice: nameOf({ ...figures, layers }), measured: isMeasured ? { ...figures, layers } : undefined, chosen };
}

const nameOf = ({ layers, kernel, variant }: OfferName): OfferName => ({ layers, kernel, ...(variant === undefined ? {} : { variant }) });

function readCost(fields: Fields): Cost | undefined {
  if (!hasCounts(fields, "cycles", "weights", "code", "static", "stack")) return undefined;
  const {
    cycles,
    weights,
    code,
    static: held,
    stack,
  } = fields as Readonly<Record<"cycles" | "weights" | "code" | "static" | "stack", number>>;
  return { flash: { code, weights }, ram: { static: held, stack }, cycles };
}

/** The text of a tuning file. */
export const printTunings = (model: string, tunings: ReadonlyMap<string, Omit<Tuning, "origin">>): string =>
  [
    `# The kernels of ${model}, measured and chosen by \`bnmc tune\`: other commands go by it. To be committed with the model.`,
    ...[...tunings]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([target, tuning]) => [`${target}:`, ...linesOf(tuning).map((line) => `  ${line}`)]),
    "",
  ].join("\n");

function linesOf({ fingerprint, by, objective, offers, chosen }: Omit<Tuning, "origin">): readonly string[] {
  const picked = new Set(chosen?.choices.map(offerKey));
  const known = new Set(offers.map(offerKey));
  const listed: readonly (MeasuredOffer | OfferName)[] = [
    ...offers,
    ...(chosen?.choices ?? []).filter((choice) => !known.has(offerKey(choice))).map(nameOf),
  ];
  const steps = [...new Set(listed.map(({ layers }) => stepKey(layers)))];
  const lineOf = ({ layers, ...offer }: MeasuredOffer | OfferName): string =>
    `    - ${flow({ ...offer, ...(picked.has(offerKey({ layers, ...offer })) ? { chosen: true } : {}) })}`;
  return [
    `of: ${flow({ ...fingerprint })}`,
    `measured: ${flow({ ...by })}`,
    `objective: ${objective}`,
    ...(chosen === undefined ? [] : [`whole: ${flow({ cycles: chosen.cost.cycles, ...chosen.cost.flash, ...chosen.cost.ram })}`]),
    ...["steps:", ...steps.flatMap((step) => [`  ${step}:`, ...listed.filter(({ layers }) => stepKey(layers) === step).map(lineOf)])],
  ];
}

/** `{ kernel: dense-bucket, cycles: 4000 }` */
const flow = (fields: Fields): string =>
  `{ ${Object.entries(fields)
    .map(([name, value]) => `${name}: ${scalar(value)}`)
    .join(", ")} }`;

/** In quotes what YAML might take for something else than a text. */
const scalar = (value: unknown): string =>
  typeof value === "number"
    ? String(Math.round(value))
    : typeof value === "string" && !/^[a-z-]+$/.test(value)
      ? JSON.stringify(value)
      : String(value);

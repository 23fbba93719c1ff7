import { type Document, isMap, isNode, isScalar } from "yaml";
import type { Diagnostic } from "#grammar/diagnostic.js";
import type { SourceFile, Span } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import { unitOf } from "#grammar/units.js";
import { problem } from "./messages.js";

/** A target.yaml while it is read: what is wrong with it is found on the way. */
export interface TargetFile {
  readonly source: SourceFile;
  readonly document: Document;
  readonly found: Diagnostic[];
}

export type Path = readonly string[];

/** What a field may be: the word for it in messages, and its value when it is that. */
export interface Reader<T> {
  readonly expected: string;
  read(value: unknown): T | undefined;
}

const quantity = (dimension: string, expected: string): Reader<number> => ({
  expected,
  read: (value) => {
    const [, digits, text] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(String(value)) ?? [];
    const unit = text === undefined ? undefined : unitOf(text);
    return unit?.dimension === dimension ? Number(digits) * unit.factor : undefined;
  },
});

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const wholeUpTo = (most: number, expected: string): Reader<number> => ({
  expected,
  read: (value) => (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most ? (value as number) : undefined),
});

export const aText: Reader<string> = { expected: "a text", read: (value) => (isText(value) ? value : undefined) };
export const aTruth: Reader<boolean> = { expected: "true or false", read: (value) => (typeof value === "boolean" ? value : undefined) };
export const aSize = quantity("size", "a size such as `16 KiB`");
export const aFrequency = quantity("frequency", "a frequency such as `48 MHz`");
export const aCount = wholeUpTo(1000, "a whole number up to 1000");
export const aVoltage = wholeUpTo(20_000, "a voltage in millivolts, such as `3300`");
export const anAddress = wholeUpTo(2 ** 32 - 1, "an address such as `0x20000000`");
export const aListOfTexts: Reader<readonly string[]> = {
  expected: "a list of texts",
  read: (value) => (Array.isArray(value) && value.length > 0 && value.every(isText) ? value : undefined),
};

export const present = ({ document }: TargetFile, path: Path): boolean => document.hasIn(path);

/** The value of a field; undefined, and something found, when it is missing or something else. */
export function required<T>({ source, document, found }: TargetFile, path: Path, { expected, read }: Reader<T>): T | undefined {
  const node = document.getIn(path, true);
  const values = isNode(node) ? (node.toJS(document) as unknown) : undefined;
  const value = values === undefined || values === null ? undefined : read(values);
  if (value !== undefined) return value;
  const span = spanOf(source, node) ?? spanOf(source, document.getIn(path.slice(0, -1), true)) ?? { source, start: 0, end: 0 };
  found.push(problem("wrong-target-field", span, { field: path.join("."), expected }));
  return undefined;
}

/** As `required`, for a field that may be left out. */
export const optional = <T>(file: TargetFile, path: Path, reader: Reader<T>): T | undefined =>
  present(file, path) ? required(file, path, reader) : undefined;

const spanOf = (source: SourceFile, node: unknown): Span | undefined =>
  isNode(node) && node.range ? { source, start: node.range[0], end: node.range[1] } : undefined;

/** Fields that nothing reads are mistakes, most often misspelt; `known` has the names of each section by its path. */
export function checkFields(source: SourceFile, document: Document, known: Readonly<Record<string, readonly string[]>>): Diagnostic[] {
  return Object.entries(known).flatMap(([section, names]) => {
    const map = section === "" ? document.contents : document.getIn(section.split("."), true);
    if (!isMap(map)) return [];
    return map.items.flatMap(({ key }) => {
      const field = String(isScalar(key) ? key.value : key);
      if (names.includes(field)) return [];
      const meant = suggest(field, names);
      const help = meant === undefined ? `known: ${names.join(", ")}` : `did you mean \`${meant}\`?`;
      return [problem("unknown-target-field", spanOf(source, key) ?? { source, start: 0, end: 0 }, { field }, { help })];
    });
  });
}

import { suggest } from "#grammar/suggest.js";
import { quantity } from "#grammar/units.js";
import { catalog } from "../catalog/index.js";
import type { Family, Kind } from "../catalog/parameter.js";
import type { Application } from "../ir/application.js";
import { bind } from "./bind.js";
import type { Report } from "./evaluate.js";
import { lookUp } from "./lookup.js";
import { problem } from "./messages.js";
import { type CallValue, describe, nameDimension, type NumberValue, type Value, type WordValue } from "./value.js";

/** A value as its parameter wants it; undefined when it does not fit, which has then been reported. */
export function convert(kind: Kind, value: Value, name: string, report: Report): unknown {
  if (value.kind === "unknown") return undefined;
  switch (kind.kind) {
    case "number":
      return value.kind === "number" && fits(kind, value) ? value.value : mismatch(kind, value, name, report);
    case "text":
      return value.kind === "text" ? value.value : mismatch(kind, value, name, report);
    case "choice":
      return value.kind === "word" && kind.words.includes(value.value) ? value.value : mismatch(kind, value, name, report);
    case "list":
      return convertList(kind, value, name, report);
    case "entry":
      return convertEntry(kind, value, name, report);
    case "chain":
      return convertChain(kind, value, name, report);
    case "value":
    case "model":
      return value.kind === "word" ? value.value : mismatch(kind, value, name, report);
  }
}

type KindOf<K extends Kind["kind"]> = Extract<Kind, { kind: K }>;

function fits(kind: KindOf<"number">, { value, dimension }: NumberValue): boolean {
  if (dimension !== "none" && dimension !== kind.dimension) return false;
  if (kind.whole && !Number.isInteger(value)) return false;
  return Number.isFinite(value) && value >= (kind.least ?? -Infinity) && value <= (kind.most ?? Infinity);
}

function convertList(kind: KindOf<"list">, value: Value, name: string, report: Report): unknown {
  if (value.kind !== "list" || value.items.length < kind.least) return mismatch(kind, value, name, report);
  const items = value.items.map((item) => convert(kind.of, item, name, report));
  return items.includes(undefined) ? undefined : items;
}

function convertEntry(kind: KindOf<"entry">, value: Value, name: string, report: Report): unknown {
  if (value.kind !== "word" && (value.kind !== "call" || kind.bare)) return mismatch(kind, value, name, report);
  if (!kind.bare) return apply(kind.family, value, report);
  return value.kind === "word" ? lookUp(kind.family, value, report)?.name : undefined;
}

function convertChain(kind: KindOf<"chain">, value: Value, name: string, report: Report): unknown {
  const links = value.kind === "chain" ? value.links : value.kind === "word" || value.kind === "call" ? [value] : undefined;
  if (links === undefined) return mismatch(kind, value, name, report);
  const applied = links.map((link, i) => apply(i === 0 ? (kind.head ?? kind.family) : kind.family, link, report));
  return applied.includes(undefined) ? undefined : applied;
}

/** `cosine` or `cosine(from: 0.001, to: 0)` as an entry of its family with all arguments. */
export function apply(family: Family, value: CallValue | WordValue, report: Report): Application | undefined {
  const callee = value.kind === "call" ? value.callee : value;
  const definition = lookUp(family, callee, report);
  if (definition === undefined) return undefined;
  const given = value.kind === "call" ? value.arguments : [];
  const bound = bind(definition.parameters, given, { name: `\`${definition.name}\``, span: callee.span }, report);
  return bound && { name: definition.name, arguments: bound };
}

function mismatch(kind: Kind, value: Value, name: string, report: Report): undefined {
  const meant = kind.kind === "choice" && value.kind === "word" ? suggest(value.value, kind.words) : undefined;
  const details = {
    ...(kind.kind === "entry" ? { help: `known: ${Object.keys(catalog[kind.family]).sort().join(", ")}` } : {}),
    ...(meant === undefined ? {} : { label: `did you mean \`${meant}\`?`, fix: { span: value.span, text: meant } }),
  };
  report(
    problem(
      "wrong-value",
      value.span,
      { name, expected: expectation(kind), found: describe(value, kind.kind === "number" ? kind.dimension : undefined) },
      details,
    ),
  );
  return undefined;
}

/** How a message says what a kind takes. */
export function expectation(kind: Kind): string {
  switch (kind.kind) {
    case "number":
      return numberExpectation(kind);
    case "text":
      return 'a text such as "name"';
    case "choice":
      return oneOf(kind.words.map((word) => `\`${word}\``));
    case "list":
      return kind.least > 1 ? `a list of at least ${kind.least}, each ${expectation(kind.of)}` : `a list, each ${expectation(kind.of)}`;
    case "entry":
      return `the name of one of the ${kind.family}`;
    case "chain":
      return kind.head === undefined ? `${kind.family} joined by \`->\`` : `one of the ${kind.head}, then ${kind.family} joined by \`->\``;
    case "value":
      return "the name of a value further up";
    case "model":
      return "the name of a model";
  }
}

function numberExpectation({ dimension, whole, least, most }: KindOf<"number">): string {
  const noun = dimension !== "none" ? nameDimension(dimension) : whole ? "a whole number" : "a number";
  const shown = (limit: number): string => (dimension === "share" ? quantity(limit, dimension) : `${limit}`);
  if (least !== undefined && most !== undefined) return `${noun} from ${shown(least)} to ${shown(most)}`;
  if (least !== undefined) return least === 0 && !whole ? `${noun} that is not negative` : `${noun} of at least ${shown(least)}`;
  return most === undefined ? noun : `${noun} of at most ${shown(most)}`;
}

const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

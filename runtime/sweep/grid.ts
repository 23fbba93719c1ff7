import { random } from "#compiler/random.js";

/** A name of a param or setting with the values that it takes in turn, as they are written. */
export interface SweptName {
  readonly name: string;
  readonly values: readonly string[];
}

/** Names to values as written: what `--set` would give a variant. */
export type Values = Readonly<Record<string, string>>;

/** `hidden=[64,64],[96,48]` as a name and its two values; undefined when it is written otherwise. */
export function parseSwept(text: string): SweptName | undefined {
  const [, name, list] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const values = splitOutside(list).map((value) => value.trim());
  return values.includes("") ? undefined : { name, values: [...new Set(values)] };
}

/** Splits at the commas that stand outside of brackets and texts. */
function splitOutside(list: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const [piece] of list.matchAll(/"[^"]*"|[^]/g)) {
    if ("([{".includes(piece)) depth++;
    if (")]}".includes(piece)) depth--;
    if (piece === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** How many variants all values of all names make together. */
export const gridSize = (swept: readonly SweptName[]): number => swept.reduce((product, { values }) => product * values.length, 1);

/** The variants of a grid, or those at some places of it; the last name changes fastest. */
export const variantsOf = (swept: readonly SweptName[], places?: readonly number[]): readonly Values[] =>
  (places ?? Array.from({ length: gridSize(swept) }, (_, place) => place)).map((place) => variantAt(swept, place));

function variantAt(swept: readonly SweptName[], place: number): Values {
  let rest = place;
  const chosen = swept.toReversed().map(({ name, values }): [string, string] => {
    const value = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
    return [name, value];
  });
  return Object.fromEntries(chosen.reverse());
}

/** Different places of a grid, drawn from a seed, in the order of the grid; all of them when there are no more. */
export function drawPlaces(size: number, count: number, seed: number): readonly number[] {
  const source = random("sweep", seed);
  const places = new Set<number>();
  // Floyd's way: every choice is equally likely, and nothing is as large as the grid.
  for (let last = Math.max(0, size - count); last < size; last++) {
    const place = source.below(last + 1);
    places.add(places.has(place) ? last : place);
  }
  return [...places].sort((a, b) => a - b);
}

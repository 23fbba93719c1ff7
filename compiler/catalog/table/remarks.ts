import type { Gathered } from "./samples.js";

/** How many rows say that a column counts them, and not by chance. */
const enoughRows = 10;

/** How many names a remark lists. */
const mostNames = 20;

/** What people should know of the tables that were read: the columns taken as readings, and what looks wrong. */
export function remarksOn({ values, classes, assumed }: Gathered, features: readonly string[], areSamples: boolean): readonly string[] {
  const rows = classes.numbers.length;
  const width = features.length;
  const rising = features.filter((_, i) => rows >= enoughRows && rises(values, i, width, rows));
  return [
    ...assumed,
    ...(areSamples ? [] : [`readings: ${listed(features)}`]),
    ...rising.map(
      (name) =>
        `column ${JSON.stringify(name)} rises from row to row, as numbers of rows and times do: if it is none of the readings, \`skip: [${JSON.stringify(name)}]\``,
    ),
    ...likeNames([...classes.met.keys()]),
  ];
}

/** Whether every row has more of a column than the row before it. */
function rises(values: Gathered["values"], column: number, width: number, rows: number): boolean {
  for (let row = 1; row < rows; row++) if (!(values.at(row * width + column) > values.at((row - 1) * width + column))) return false;
  return true;
}

/** Names in one line. */
export const listed = (names: readonly string[]): string =>
  `${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ` and ${names.length - mostNames} more` : ""}`;

/** Of names that people take for one: what is the same of them, and how that is said. */
const likenesses: readonly (readonly [key: (name: string) => string, said: string])[] = [
  [
    (name) =>
      name
        .normalize("NFKC")
        .replace(/[\p{Cf}\p{Cc}]/gu, "")
        .replace(/\s+/g, " "),
    "differ only in signs that do not show",
  ],
  [(name) => name.toLowerCase(), "differ only in upper and lower case"],
  [(name) => (Number.isFinite(Number(name)) ? String(Number(name)) : name), "are the same number"],
];

function likeNames(names: readonly string[]): readonly string[] {
  return likenesses.flatMap(([key, said]) => {
    const alike = new Map<string, string[]>();
    for (const name of names) alike.set(key(name), [...(alike.get(key(name)) ?? []), name]);
    return [...alike.values()].filter((same) => same.length > 1).map((same) => `the classes ${same.map(quoted).join(" and ")} ${said}`);
  });
}

/** A name as in JSON, with what does not show as its code. */
const quoted = (name: string): string =>
  JSON.stringify(name).replace(/\p{Cf}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

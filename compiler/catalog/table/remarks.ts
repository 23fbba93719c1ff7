import type { Gathered } from "./samples.js";

/** How many rows say that a column counts them, and not by chance. */
const enoughRows = 10;

/** How many names a remark lists. */
const mostNames = 20;

/** What people should know of the tables that were read: the columns taken as readings, and what looks wrong. */
export function remarksOn({ values, classes, assumed }: Gathered, features: readonly string[], areSamples: boolean): readonly string[] {
  const rows = classes.numbers.length;
  const rising = features.filter((_, i) => rows >= enoughRows && rises(values, i, features.length, rows));
  return [
    ...assumed,
    ...(areSamples
      ? []
      : [
          `readings: ${features.slice(0, mostNames).join(", ")}${features.length > mostNames ? ` and ${features.length - mostNames} more` : ""}`,
        ]),
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

function likeNames(names: readonly string[]): readonly string[] {
  const written = new Map<string, string[]>();
  for (const name of names) written.set(name.toLowerCase(), [...(written.get(name.toLowerCase()) ?? []), name]);
  return [...written.values()]
    .filter((same) => same.length > 1)
    .map((same) => `the classes ${same.map((name) => JSON.stringify(name)).join(" and ")} differ only in upper and lower case`);
}

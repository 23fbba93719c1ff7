import { classNames } from "../samples/class-names.js";
import { DataError } from "../data-error.js";
import { sizeOf } from "../../ir/types.js";
import type { Samples, Splits } from "../samples.js";
import { selectSamples } from "../samples/select.js";
import { type ColumnRoles, type Columns, findColumns, isHeader } from "./columns.js";
import type { Dialect } from "./dialect.js";
import { noReadings, type Readings } from "./readings.js";
import { remarksOn } from "./remarks.js";
import { numberIn, readRows, type Row } from "./rows.js";

/** A file with rows. */
export interface Table {
  /** What messages call it. */
  readonly name: string;
  readonly text: string;
  /** The class of all rows; undefined when a column says it. */
  readonly label?: string;
  /** The set of all rows, unless a column says it. */
  readonly set: SetName;
}

const setNames = ["train", "validate", "test"] as const;
type SetName = (typeof setNames)[number];

/** Words to numbers, in the order in which they are met. */
export interface Numbered {
  /** Each word's number, and where it was met first. */
  readonly met: Map<string, { readonly number: number; readonly place: string }>;
  /** Of every row. */
  readonly numbers: number[];
}

/** All rows so far, column by column. */
export interface Gathered {
  readonly values: Readings;
  readonly classes: Numbered;
  readonly sets: SetName[];
  readonly recordings: number[];
  readonly groups: Map<string, Numbered>;
  /** What was assumed of the tables, each once. */
  readonly assumed: Set<string>;
}

export interface TableTask {
  readonly roles: ColumnRoles;
  /** Of a row that is a whole sample; empty when each row is a frame. */
  readonly shape: readonly number[];
  readonly classes: readonly string[] | undefined;
  /** What messages call all tables together. */
  readonly origin: string;
}

/** The samples of tables, one a row; throws a `DataError` that says where a row is wrong. */
export function readTables(tables: readonly Table[], task: TableTask): Splits {
  const gathered: Gathered = { values: noReadings(), classes: noWords(), sets: [], recordings: [], groups: new Map(), assumed: new Set() };
  let features: readonly string[] = [];
  for (const table of tables) features = gather(table, task, features, gathered);
  const { sets } = gathered;
  const classes = classNames(
    [...gathered.classes.met].map(([name, { place }]) => ({ name, place })),
    task.classes,
    task.origin,
  );
  const all = samplesOf(gathered, classes, task, features.length);
  const ofSet = (name: SetName): Samples =>
    selectSamples(
      all,
      [...sets.keys()].filter((i) => sets[i] === name),
    );
  const [train, test] = [ofSet("train"), ofSet("test")];
  return {
    train,
    ...(sets.includes("validate") && { validate: ofSet("validate") }),
    test,
    classes,
    ...(task.shape.length === 0 && { features }),
    origin: `${task.origin} (${train.count}${test.count === 0 ? "" : ` + ${test.count}`} rows)`,
    remarks: remarksOn(gathered, features, task.shape.length > 0),
  };
}

/** Adds the rows of a table; gives the names of its features, which must be those of the tables before. */
function gather(table: Table, { roles }: TableTask, before: readonly string[], into: Gathered): readonly string[] {
  let columns: Columns | undefined;
  let previous = "";
  let rows = 0;
  readRows(table.text, table.name, (row, dialect) => {
    if (columns === undefined) {
      checkFirst(row, dialect);
      columns = findColumns(row, roles);
      checkAlike(row, columns, before);
      assume(into, dialect, columns, table.name);
      if (isHeader(row, roles.header)) return;
    }
    rows++;
    checkWidth(row, columns);
    for (const column of columns.features) into.values.push(readingIn(row, column, columns.names[column]!, dialect));
    add(into.classes, table.label ?? wordIn(row, columns.label!, columns.names), row, columns.label);
    into.sets.push(columns.set === undefined ? table.set : setIn(row, columns.set));
    for (const [name, column] of columns.groups) add(groupOf(into, name), row.fields[column]!, row, column);
    // What ends a recording: the file, a blank line, and another class, set or name of the recording.
    const now = JSON.stringify(
      [columns.label, columns.set, columns.recording].map((column) => (column === undefined ? "" : row.fields[column])),
    );
    const begins = row.afterGap || now !== previous;
    into.recordings.push((into.recordings.at(-1) ?? -1) + (begins ? 1 : 0));
    previous = now;
  });
  if (columns === undefined || rows === 0) throw new DataError(`${table.name} has no rows`, "Give at least one row for each class.");
  return featureNames(columns);
}

/** What is not written in the table, and is taken for granted. */
function assume({ assumed }: Gathered, { decimalComma }: Dialect, { nameless, names }: Columns, table: string): void {
  if (decimalComma) assumed.add(`${table}: numbers are read with a decimal comma`);
  for (const column of nameless)
    assumed.add(
      `${table}: column ${column + 1} has no name and is no reading; \`features:\` would make ${JSON.stringify(names[column])} one`,
    );
}

/** A title, or how many rows follow, is no row. */
function checkFirst(row: Row, { width }: Dialect): void {
  const { length } = row.fields;
  if (length === width) return;
  throw new DataError(
    `${row.place()}: the first row has ${length} ${length === 1 ? "field" : "fields"}, but most have ${width}`,
    "It holds the names of all columns, or is a row like all others: correct it, or remove it.",
  );
}

function checkWidth(row: Row, { names }: Columns): void {
  if (row.fields.length === names.length) return;
  throw new DataError(
    `${row.place()}: ${row.fields.length} fields, but the first row has ${names.length}`,
    "Complete the row, or remove it.",
  );
}

const featureNames = ({ names, features }: Columns): readonly string[] => features.map((column) => names[column]!);

function checkAlike(row: Row, columns: Columns, before: readonly string[]): void {
  const now = featureNames(columns);
  if (before.length === 0 || now.join() === before.join()) return;
  throw new DataError(
    `${row.place()}: the readings are ${now.join(", ")}, but in the file before ${before.join(", ")}`,
    "Give all files the same columns, or name those with readings as `features:`.",
  );
}

function readingIn(row: Row, column: number, name: string, { decimalComma, delimiter }: Dialect): number {
  const field = row.fields[column]!;
  const value = numberIn(field, decimalComma);
  if (value !== undefined) return value;
  const [what, remedy] =
    field === ""
      ? ["nothing", "Fill it in, or remove the row."]
      : Number.isNaN(Number(field))
        ? [`${JSON.stringify(field)}, which is no number`, remedyFor(field, delimiter)]
        : [`${JSON.stringify(field)}, which no float32 holds`, "Correct it, remove the row, or give the column in a larger unit."];
  throw new DataError(`${row.place(column)}: column ${JSON.stringify(name)} holds ${what}`, remedy);
}

/** What to do about a field that is no number; numbers have commas as decimal signs or between thousands. */
function remedyFor(field: string, delimiter: Dialect["delimiter"]): string {
  if (!/^[-+]?[\d.]*,[\d.,]+$/.test(field)) return "Correct it, or name the column in `skip:` if it holds no readings.";
  if (delimiter === ",") return "Write decimals with a point and without separators of thousands, or divide fields by semicolons.";
  return field.includes(".") ? "Write numbers without separators of thousands." : "Write all decimals with a point, or all with a comma.";
}

function wordIn(row: Row, column: number, names: readonly string[]): string {
  const word = row.fields[column]!;
  if (word !== "") return word;
  throw new DataError(
    `${row.place(column)}: column ${JSON.stringify(names[column])}, which says the class, holds nothing`,
    "Fill it in, or remove the row.",
  );
}

function setIn(row: Row, column: number): SetName {
  const found = setNames.find((name) => name === row.fields[column]);
  if (found !== undefined) return found;
  throw new DataError(`${row.place(column)}: ${JSON.stringify(row.fields[column])} is no set`, `The sets are ${setNames.join(", ")}.`);
}

const noWords = (): Numbered => ({ met: new Map(), numbers: [] });

function add({ met, numbers }: Numbered, word: string, row: Row, column: number | undefined): void {
  const known = met.get(word);
  if (known === undefined) met.set(word, { number: met.size, place: row.place(column) });
  numbers.push(known?.number ?? met.size - 1);
}

function groupOf({ groups }: Gathered, name: string): Numbered {
  const known = groups.get(name) ?? noWords();
  groups.set(name, known);
  return known;
}

function samplesOf(
  { values, classes, recordings, groups, assumed }: Gathered,
  names: readonly string[],
  { shape, origin }: TableTask,
  features: number,
): Samples {
  const count = classes.numbers.length;
  if (shape.length > 0 && sizeOf(shape) !== features) {
    throw new DataError(
      `a row of ${origin} has ${features} readings, but \`shape: [${shape.join(", ")}]\` is ${sizeOf(shape)}`,
      ["Correct the shape, or name columns that hold no readings in `skip:`.", ...assumed].join("\n"),
    );
  }
  const labels = [...classes.met.keys()].map((name) => names.indexOf(name));
  // A column that some files do not have says nothing.
  const common = [...groups].filter(([, { numbers }]) => numbers.length === count);
  return {
    shape: shape.length > 0 ? shape : [features],
    count,
    values: values.taken(),
    labels: Uint8Array.from(classes.numbers, (number) => labels[number]!),
    ...(shape.length === 0 && { recordings: Uint32Array.from(recordings) }),
    ...(common.length > 0 && { groups: Object.fromEntries(common.map(([name, { numbers }]) => [name, Uint32Array.from(numbers)])) }),
  };
}

import { classNames } from "../class-names.js";
import { DataError } from "../data-error.js";
import { sizeOf } from "../../ir/types.js";
import type { Samples, Splits } from "../samples.js";
import { selectSamples } from "../select.js";
import { type ColumnRoles, type Columns, findColumns, isHeader } from "./columns.js";
import { numberIn, type Row, rowsOf } from "./rows.js";

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
interface Numbered {
  /** Each word's number, and where it was met first. */
  readonly met: Map<string, { readonly number: number; readonly place: string }>;
  /** Of every row. */
  readonly numbers: number[];
}

/** All rows so far, column by column. */
interface Gathered {
  readonly values: number[];
  readonly classes: Numbered;
  readonly sets: SetName[];
  readonly recordings: number[];
  readonly groups: Map<string, Numbered>;
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
  const gathered: Gathered = { values: [], classes: noWords(), sets: [], recordings: [], groups: new Map() };
  let features: readonly string[] = [];
  for (const table of tables) features = gather(table, task, features, gathered);
  const { sets } = gathered;
  const classes = classNames([...gathered.classes.met].map(([name, { place }]) => ({ name, place })), task.classes, task.origin);
  const all = samplesOf(gathered, classes, task, features.length);
  const ofSet = (name: SetName): Samples => selectSamples(all, [...sets.keys()].filter((i) => sets[i] === name));
  const [train, test] = [ofSet("train"), ofSet("test")];
  return {
    train,
    ...(sets.includes("validate") && { validate: ofSet("validate") }),
    test,
    classes,
    origin: `${task.origin} (${train.count}${test.count === 0 ? "" : ` + ${test.count}`} rows)`,
  };
}

/** Adds the rows of a table; gives the names of its features, which must be those of the tables before. */
function gather(table: Table, { roles }: TableTask, before: readonly string[], into: Gathered): readonly string[] {
  let columns: Columns | undefined;
  let previous = "";
  for (const row of rowsOf(table.text, table.name)) {
    if (columns === undefined) {
      columns = findColumns(row, roles);
      checkAlike(row, columns, before);
      if (isHeader(row, roles.header)) continue;
    }
    const { fields } = row;
    if (fields.length !== columns.names.length) {
      throw new DataError(`${row.place()}: ${fields.length} fields, but the first row has ${columns.names.length}`, "Complete the row, or remove it.");
    }
    for (const column of columns.features) into.values.push(readingIn(row, column, columns.names[column]!));
    add(into.classes, table.label ?? fields[columns.label!]!, row.place(columns.label));
    into.sets.push(columns.set === undefined ? table.set : setIn(row, columns.set));
    for (const [name, column] of columns.groups) add(groupOf(into, name), fields[column]!, row.place(column));
    // What ends a recording: the file, a blank line, and another class, set or name of the recording.
    const now = JSON.stringify([columns.label, columns.set, columns.recording].map((column) => (column === undefined ? "" : fields[column])));
    const begins = row.afterGap || now !== previous;
    into.recordings.push((into.recordings.at(-1) ?? -1) + (begins ? 1 : 0));
    previous = now;
  }
  if (columns === undefined || previous === "") throw new DataError(`${table.name} has no rows`, "Give at least one row for each class.");
  return featureNames(columns);
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

function readingIn(row: Row, column: number, name: string): number {
  const field = row.fields[column]!;
  const value = numberIn(field);
  if (value !== undefined) return value;
  const [what, remedy] =
    field === ""
      ? ["nothing", "Fill it in, or remove the row."]
      : [`${JSON.stringify(field)}, which is no number`, /^-?\d+,\d+$/.test(field) ? "Write decimals with a point." : "Correct it, or name the column in `skip:` if it holds no readings."];
  throw new DataError(`${row.place(column)}: column ${JSON.stringify(name)} holds ${what}`, remedy);
}

function setIn(row: Row, column: number): SetName {
  const found = setNames.find((name) => name === row.fields[column]);
  if (found !== undefined) return found;
  throw new DataError(`${row.place(column)}: ${JSON.stringify(row.fields[column])} is no set`, `The sets are ${setNames.join(", ")}.`);
}

const noWords = (): Numbered => ({ met: new Map(), numbers: [] });

function add({ met, numbers }: Numbered, word: string, place: string): void {
  if (!met.has(word)) met.set(word, { number: met.size, place });
  numbers.push(met.get(word)!.number);
}

function groupOf({ groups }: Gathered, name: string): Numbered {
  const known = groups.get(name) ?? noWords();
  groups.set(name, known);
  return known;
}

function samplesOf({ values, classes, recordings, groups }: Gathered, names: readonly string[], { shape, origin }: TableTask, features: number): Samples {
  const count = classes.numbers.length;
  if (shape.length > 0 && sizeOf(shape) !== features) {
    throw new DataError(
      `a row of ${origin} has ${features} readings, but \`shape: [${shape.join(", ")}]\` is ${sizeOf(shape)}`,
      "Correct the shape, or name columns that hold no readings in `skip:`.",
    );
  }
  const labels = [...classes.met.keys()].map((name) => names.indexOf(name));
  // A column that some files do not have says nothing.
  const common = [...groups].filter(([, { numbers }]) => numbers.length === count);
  return {
    shape: shape.length > 0 ? shape : [features],
    count,
    values: Float32Array.from(values),
    labels: Uint8Array.from(classes.numbers, (number) => labels[number]!),
    ...(shape.length === 0 && { recordings: Uint32Array.from(recordings) }),
    ...(common.length > 0 && { groups: Object.fromEntries(common.map(([name, { numbers }]) => [name, Uint32Array.from(numbers)])) }),
  };
}

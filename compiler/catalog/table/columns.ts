import { DataError } from "../data-error.js";
import { numberIn, type Row } from "./rows.js";

/** Which columns of tables mean what, by their names; "" where there is none. */
export interface ColumnRoles {
  /** Those with readings, in the order in which a network sees them; all others when empty. */
  readonly features: readonly string[];
  /** Those that are not readings. */
  readonly skip: readonly string[];
  /** Says the class. */
  readonly label: string;
  /** Says the set: train, validate or test. */
  readonly set: string;
  /** Changes where another recording begins. */
  readonly recording: string;
  /** Whether the first row holds names. */
  readonly header: "auto" | "yes" | "no";
}

/** The same as positions in the rows of one table. */
export interface Columns {
  readonly names: readonly string[];
  readonly features: readonly number[];
  readonly label: number | undefined;
  readonly set: number | undefined;
  readonly recording: number | undefined;
  /** Columns that say what samples have in common, by name. */
  readonly groups: readonly (readonly [name: string, column: number])[];
  /** Columns without a name beside columns with one, as pandas writes row numbers: no readings. */
  readonly nameless: readonly number[];
}

/** Whether a first row holds names: no field of it is a number. */
export const isHeader = ({ fields }: Row, header: ColumnRoles["header"]): boolean =>
  header === "auto" ? fields.every((field) => numberIn(field) === undefined) : header === "yes";

/** Finds the columns of a table by its first row; columns without names are called by their numbers, from "1". */
export function findColumns(first: Row, roles: ColumnRoles): Columns {
  const named = isHeader(first, roles.header);
  const names = named ? first.fields : first.fields.map((_, i) => String(i + 1));
  if (named) checkDistinct(first, roles);
  const find = (name: string): number => {
    const column = names.indexOf(name);
    if (column >= 0) return column;
    throw new DataError(`${first.place()}: there is no column ${JSON.stringify(name)}`, known(names, named));
  };
  const optional = (name: string): number | undefined => (name === "" ? undefined : find(name));
  const [label, set, recording] = [optional(roles.label), optional(roles.set), optional(roles.recording)];
  const skipped = roles.skip.map(find);
  const apart = [label, set, recording, ...skipped];
  const nameless = named ? [...names.keys()].filter((column) => isNameless(names[column]!) && !skipped.includes(column)) : [];
  const features =
    roles.features.length > 0
      ? roles.features.map(find)
      : [...names.keys()].filter((column) => !apart.includes(column) && !nameless.includes(column));
  if (features.length === 0)
    throw new DataError(`${first.place()}: no column is left for readings`, "Name those with readings as `features:`.");
  const groups = [...names.entries()]
    .filter(([column]) => column !== label && !features.includes(column) && !nameless.includes(column))
    .map(([column, name]) => [name, column] as const);
  return { names, features, label, set, recording, groups, nameless: roles.features.length > 0 ? [] : nameless };
}

/** What pandas writes over row numbers, and what it reads that as. */
const isNameless = (name: string): boolean => name === "" || /^Unnamed: \d+$/.test(name);

function checkDistinct(first: Row, { features }: ColumnRoles): void {
  const { fields } = first;
  const twice = fields.find((name, i) => !isNameless(name) && fields.indexOf(name) < i);
  if (twice !== undefined) {
    const where = fields.flatMap((name, i) => (name === twice ? [i + 1] : []));
    throw new DataError(
      `${first.place(fields.lastIndexOf(twice))}: there are ${where.length} columns ${JSON.stringify(twice)}: ${where.map((column) => `the ${ordinal(column)}`).join(" and ")}`,
      "Give each column a name of its own.",
    );
  }
  const repeated = features.find((name, i) => features.indexOf(name) < i);
  if (repeated !== undefined) throw new DataError(`\`features:\` names ${JSON.stringify(repeated)} twice`, "Name each column once.");
}

const ordinal = (n: number): string => `${n}${n % 100 > 10 && n % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;

function known(names: readonly string[], named: boolean): string {
  const columns = named
    ? `It has ${names.map((each) => JSON.stringify(each)).join(", ")}.`
    : `Its columns have no names: they are "1" to "${names.length}". If its first row holds names, say \`header: yes\`.`;
  return names.length > 1 ? columns : `${columns} Fields are divided by commas, semicolons, tabs or blanks.`;
}

import Papa from "papaparse";
import { DataError } from "../data-error.js";
import { commaNumber, type Dialect, dialectOf, normalized, withoutTerminator } from "./dialect.js";

/** A row of a table. */
export interface Row {
  readonly fields: readonly string[];
  /** Whether a line without fields stands before it. */
  readonly afterGap: boolean;
  /** Where a field stands, `gestures.csv:12:7`; without one, the line. */
  readonly place: (field?: number) => string;
}

/** Hands the rows of a table to `use`, one by one; lines that begin with `#` are comments. `name` is what messages call the table. */
export function readRows(text: string, name: string, use: (row: Row, dialect: Dialect) => void): void {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  const dialect = dialectOf(lines);
  const { delimiter, terminator } = dialect;
  const plain = normalized(lines, delimiter);
  let [afterGap, start] = [false, 0];
  Papa.parse<string[]>(plain, {
    delimiter,
    newline: "\n",
    comments: "#",
    step: ({ data, errors, meta }) => {
      const [from, raw] = [start, data];
      start = meta.cursor;
      const place = (field?: number): string => placeOf(plain, lines, from, raw, field, delimiter, name);
      if (errors.some(({ code }) => code === "MissingQuotes")) {
        throw new DataError(`${place()}: a quotation mark is not closed`, "Close it.");
      }
      if (data.every((field) => field.trim() === "")) {
        afterGap = true;
        return;
      }
      const fields = withoutTerminator(data, terminator, delimiter).map(unquoted);
      const row = { fields, afterGap, place };
      afterGap = false;
      use(row, dialect);
    },
  });
}

/** Marks around a field with blanks before them are none to a reader of tables, but to its writer. */
function unquoted(written: string): string {
  const text = written.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** Line and column, from 1, of a row that begins at `from` or behind the comments there, found when a message asks. */
function placeOf(
  plain: string,
  original: string,
  from: number,
  row: readonly string[],
  field: number | undefined,
  delimiter: string,
  name: string,
): string {
  let start = from;
  while (plain[start] === "#") start = plain.indexOf("\n", start) + 1 || plain.length;
  const line = plain.slice(0, start).split("\n").length;
  if (field === undefined) return `${name}:${line}`;
  const text = original.split("\n")[line - 1] ?? "";
  return `${name}:${line}:${columnOf(text, row, field, delimiter)}`;
}

/** Of the first sign of a field; quotation marks are found by looking for the field behind the ones before it. */
function columnOf(text: string, row: readonly string[], field: number, delimiter: string): number {
  let at = 0;
  for (let i = 0; i < field; i++) {
    const found = text.indexOf(row[i]!, at);
    const end = text.indexOf(delimiter, (found < 0 ? at : found) + row[i]!.length);
    if (end < 0) break;
    at = end + 1;
  }
  return at + 1 + text.slice(at).search(/\S|$/);
}

/** The number that a field holds; undefined when it is none, or none that a float32 holds. */
export function numberIn(field: string, decimalComma = false): number | undefined {
  const value = Number(decimalComma && commaNumber.test(field) ? field.replace(",", ".") : field);
  return field === "" || !Number.isFinite(Math.fround(value)) ? undefined : value;
}

import { DataError } from "../data-error.js";

/** A line of a table. */
export interface Row {
  readonly fields: readonly string[];
  /** Whether a blank line stands before it. */
  readonly afterGap: boolean;
  /** Where a field stands, `gestures.csv:12:7`; without one, the line. */
  readonly place: (field?: number) => string;
}

/** The rows of a table of comma-, semicolon- or tab-separated fields, one a line; `name` is what messages call it. */
export function* rowsOf(text: string, name: string): Generator<Row> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const separator = separatorOf(lines.find((line) => line.trim() !== "") ?? "");
  let afterGap = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      afterGap = true;
      continue;
    }
    const written = divide(line, separator);
    const place = (field?: number): string => `${name}:${index + 1}${field === undefined ? "" : `:${columnOf(written!, field)}`}`;
    if (written === undefined) throw new DataError(`${place()}: a quotation mark is not closed`, "Close it on the same line.");
    yield { fields: written.map(unquoted), afterGap, place };
    afterGap = false;
  }
}

const separatorOf = (line: string): string => ["\t", ";", ","].find((separator) => line.includes(separator)) ?? ",";

/** The fields as written; separators within quotation marks divide nothing. Undefined when a quotation mark stays open. */
function divide(line: string, separator: string): readonly string[] | undefined {
  const parts = line.split(separator);
  if (!line.includes('"')) return parts;
  const fields: string[] = [];
  let open = false;
  for (const part of parts) {
    fields.push(open ? fields.pop()! + separator + part : part);
    open = (fields.at(-1)!.split('"').length - 1) % 2 === 1;
  }
  return open ? undefined : fields;
}

/** From 1, as editors count. */
const columnOf = (written: readonly string[], field: number): number =>
  written.slice(0, field).reduce((sum, { length }) => sum + length + 1, 1) + written[field]!.search(/\S|$/);

function unquoted(written: string): string {
  const text = written.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** The number that a field holds; undefined when it is none. */
export function numberIn(field: string): number | undefined {
  const value = Number(field);
  return field === "" || !Number.isFinite(value) ? undefined : value;
}

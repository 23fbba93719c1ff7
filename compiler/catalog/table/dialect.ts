import Papa from "papaparse";

/** How a table is written. */
export interface Dialect {
  /** What divides fields; a blank stands for any run of blanks and tabs. */
  readonly delimiter: "\t" | ";" | "," | " ";
  /** A sign that ends every row and makes no field. */
  readonly terminator: ";" | "," | "\t" | undefined;
  /** Whether numbers are written as in `0,5`. */
  readonly decimalComma: boolean;
  /** Fields of most rows. */
  readonly width: number;
}

/** The delimiters that are looked for; of several that fit alike the first counts. */
const delimiters = ["\t", ";", ",", " "] as const;

/** As much of a table as its dialect is told from. */
const sampledText = 1 << 16;
const sampledRows = 200;

/** Excel's first line `sep=;`, which names the delimiter. */
const separatorLine = /^sep=(.)[^\S\n]*(?:\n|$)/i;

/** The delimiter that gives most rows one width and most fields a number, looked for outside of quotation marks. */
export function dialectOf(text: string): Dialect {
  const told = separatorLine.exec(text)?.[1];
  const lines = sampleLines(text.replace(separatorLine, ""));
  const readings = delimiters.filter((delimiter) => told === undefined || delimiter === told).map((delimiter) => readAs(delimiter, lines));
  const best = readings.reduce<Reading | undefined>(
    (before, each) => (before === undefined || isBetter(each, before) ? each : before),
    undefined,
  );
  return best === undefined || (best.width < 2 && told === undefined) ? readAs(",", lines) : best;
}

/** The text without its `sep=` line, with one kind of line break, and one blank for a run of them where blanks divide. */
export function normalized(text: string, delimiter: Dialect["delimiter"]): string {
  const plain = text.replace(separatorLine, "\n");
  return delimiter === " "
    ? plain.replace(/"[^"\n]*"|^[ \t]+|[ \t]+$|[ \t]+/gm, (found, at: number) =>
        found.startsWith('"') ? found : isAtEdge(plain, at, found.length) ? "" : " ",
      )
    : plain;
}

const isAtEdge = (text: string, at: number, length: number): boolean =>
  at === 0 || text[at - 1] === "\n" || text[at + length] === "\n" || at + length === text.length;

interface Reading extends Dialect {
  /** Rows of the usual width, and fields that are numbers, as shares. */
  readonly alike: number;
  readonly numeric: number;
}

function isBetter(a: Reading, b: Reading): boolean {
  if (a.width < 2 || b.width < 2) return a.width >= 2 && b.width < 2;
  if ((a.alike === 1) !== (b.alike === 1)) return a.alike === 1;
  return a.numeric !== b.numeric ? a.numeric > b.numeric : a.width > b.width;
}

function sampleLines(text: string): readonly string[] {
  const part = text.slice(0, sampledText);
  const whole = part.length === text.length ? part : part.slice(0, part.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .slice(0, sampledRows);
}

const blanks = /^\s*$/;
/** A number with a decimal comma. */
export const commaNumber = /^[-+]?\d*,\d+(?:e[-+]?\d+)?$/i;
const pointNumber = /^[-+]?\d*\.\d+(?:e[-+]?\d+)?$/i;

function readAs(delimiter: Dialect["delimiter"], lines: readonly string[]): Reading {
  const sample = normalized(lines.join("\n"), delimiter);
  const rows = Papa.parse<string[]>(sample, { delimiter, newline: "\n" }).data;
  const terminator = terminatorOf(rows, delimiter);
  const cut = rows.map((row) => withoutTerminator(row, terminator, delimiter));
  const widths = new Map<number, number>();
  for (const { length } of cut) widths.set(length, (widths.get(length) ?? 0) + 1);
  const [width, count] = [...widths].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
  const fields = cut.flat().map((field) => field.trim());
  const decimalComma =
    delimiter !== "," && fields.some((field) => commaNumber.test(field)) && !fields.some((field) => pointNumber.test(field));
  const numbers = fields.filter(
    (field) => field !== "" && (Number.isFinite(Number(field)) || (decimalComma && commaNumber.test(field))),
  ).length;
  return {
    delimiter,
    terminator,
    decimalComma,
    width,
    alike: rows.length === 0 ? 0 : count / rows.length,
    numeric: fields.length === 0 ? 0 : numbers / fields.length,
  };
}

/** The sign that every row but perhaps the first, which may hold names, ends in. */
function terminatorOf(rows: readonly (readonly string[])[], delimiter: Dialect["delimiter"]): Dialect["terminator"] {
  const others = rows.length > 1 ? rows.slice(1) : rows;
  if (others.length === 0 || delimiter === " ") return undefined;
  if (
    others.every((row) => row.length > 1 && blanks.test(row.at(-1)!)) &&
    (rows[0]!.length < others[0]!.length || blanks.test(rows[0]!.at(-1)!))
  ) {
    return delimiter;
  }
  return delimiter === "," && rows.every((row) => row.at(-1)!.trimEnd().endsWith(";")) ? ";" : undefined;
}

/** The fields of a row without what its terminator leaves behind. */
export function withoutTerminator(row: readonly string[], terminator: Dialect["terminator"], delimiter: string): readonly string[] {
  const last = row.at(-1)!;
  if (terminator === undefined) return row;
  if (terminator === delimiter) return row.length > 1 && blanks.test(last) ? row.slice(0, -1) : row;
  return last.trimEnd().endsWith(terminator) ? [...row.slice(0, -1), last.trimEnd().slice(0, -terminator.length)] : row;
}

import { cellsOf, columnAt, type Cell } from "./display.js";
import type { Paint } from "./frame.js";
import { lineText, positionAt, type SourceFile, type Span } from "./source.js";

/** A label with the sign it is drawn with: `^` for what a diagnostic is about, `─` for the other places. */
export interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly role: "error" | "warning" | "related";
}

export interface SnippetOptions {
  /** Digits of the largest line number. */
  readonly gutter: number;
  readonly width: number;
  readonly paint: Paint;
}

/** The part of a mark that lies on one line, in offsets of that line. */
interface Underline {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly role: Mark["role"];
}

/** The source lines that carry marks, each followed by its marks; leaves out what lies between. */
export function snippet(source: SourceFile, marks: readonly Mark[], options: SnippetOptions): readonly string[] {
  const { gutter, paint } = options;
  const underlines = marks.flatMap((mark) => underlinesOf(source, mark));
  const marked = [...new Set(underlines.map(({ line }) => line))].sort((a, b) => a - b);
  const rows: string[] = [];
  marked.forEach((line, index) => {
    const previous = marked[index - 1] ?? line - 1;
    if (line === previous + 2) rows.push(...drawLine(source, line - 1, [], options));
    else if (line > previous + 2) rows.push(`${" ".repeat(gutter)} ${paint("frame", "⋮")}`);
    rows.push(
      ...drawLine(
        source,
        line,
        underlines.filter((each) => each.line === line),
        options,
      ),
    );
  });
  return rows;
}

/** One underline, or for a span of several lines one at its beginning and one, with the text, at its end. */
function underlinesOf(source: SourceFile, { span, text, role }: Mark): readonly Underline[] {
  const first = positionAt(source, span.start);
  // A span that ends with a line break ends on the line before it.
  const last = positionAt(source, Math.max(span.start, span.end - (source.text[span.end - 1] === "\n" ? 1 : 0)));
  const [start, end] = [first.column - 1, last.column - 1];
  if (first.line === last.line) return [{ line: first.line, start, end, text, role }];
  const tail = lineText(source, last.line);
  const indent = tail.length - tail.trimStart().length;
  return [
    { line: first.line, start, end: lineText(source, first.line).length, text: "", role },
    { line: last.line, start: Math.min(indent, end), end, text, role },
  ];
}

/** Code units before and behind a mark that may be shown. */
const nearby = 2000;

function drawLine(
  source: SourceFile,
  line: number,
  underlines: readonly Underline[],
  { gutter, width, paint }: SnippetOptions,
): readonly string[] {
  const whole = lineText(source, line);
  // Of a line that is far wider than any terminal only what lies around its first mark is laid out.
  const from = whole.length <= 2 * nearby ? 0 : Math.max(0, Math.min(whole.length, ...underlines.map((each) => each.start)) - nearby);
  const cells = cellsOf(whole.slice(from, from + 2 * nearby));
  const placed = underlines.map((each) => {
    const start = columnAt(cells, each.start - from);
    return { ...each, start, end: Math.max(start + 1, columnAt(cells, each.end - from)) };
  });
  const view = viewOf(cells, placed, width - gutter - 3);
  const number = paint("frame", `${String(line).padStart(gutter)} │`);
  const frame = `${" ".repeat(gutter)} ${paint("frame", "│")}`;
  const text = cut(cells, view);
  const rows = [`${number} ${text}`.trimEnd()];
  const visible = placed
    .map((each) => ({ ...each, start: each.start - view.from + view.lead, end: Math.min(each.end, view.to) - view.from + view.lead }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  return [...rows, ...drawMarks(visible, paint).map((row) => `${frame} ${row}`)];
}

/** A row of signs with the last label's text behind it, then a row for each of the other texts, from the right. */
function drawMarks(underlines: readonly Underline[], paint: Paint): readonly string[] {
  if (underlines.length === 0) return [];
  const end = Math.max(...underlines.map((each) => each.end));
  const signs: Underline["role"][] = [];
  // What the diagnostic is about is painted last, over the others.
  const inOrder = [...underlines].sort((a, b) => Number(a.role !== "related") - Number(b.role !== "related"));
  for (const each of inOrder) for (let column = each.start; column < each.end; column++) signs[column] = each.role;
  const row = Array.from({ length: end }, (_, column) => {
    const role = signs[column];
    return role === undefined ? " " : paint(role, role === "related" ? "─" : "^");
  }).join("");
  const last = underlines.findLast((each) => each.end === end)!;
  const rest = underlines.filter((each) => each !== last && each.text !== "");
  const rows = [last.text === "" ? row : `${row} ${paint(last.role, last.text)}`];
  for (let index = rest.length - 1; index >= 0; index--) {
    const each = rest[index]!;
    let line = "";
    for (const other of rest.slice(0, index)) {
      if (other.start < each.start) line = `${pad(line, other.start)}${other.start >= line.length ? "│" : ""}`;
    }
    rows.push(`${pad(line, each.start)}${paint(each.role, `╰ ${each.text}`)}`);
  }
  return rows;
}

function pad(line: string, column: number): string {
  return line + " ".repeat(Math.max(0, column - line.length));
}

/** Which columns of a line are shown, and how many are taken by the `…` before them. */
interface View {
  readonly from: number;
  readonly to: number;
  readonly lead: number;
}

/** All of a line that fits, else the part around its first mark. */
function viewOf(cells: readonly Cell[], placed: readonly { readonly start: number }[], room: number): View {
  const length = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (length <= room) return { from: 0, to: length + 1, lead: 0 };
  const first = Math.min(...placed.map((each) => each.start), length);
  const from = first < room * 0.7 ? 0 : first - Math.floor(room / 3);
  return { from, to: from + room - 2, lead: from === 0 ? 0 : 1 };
}

function cut(cells: readonly Cell[], { from, to, lead }: View): string {
  let column = 0;
  let text = "";
  let isCut = false;
  for (const cell of cells) {
    if (column >= from && column + cell.width <= to) text += cell.text;
    else if (column >= to - 1) isCut = true;
    column += cell.width;
  }
  return `${lead === 1 ? "…" : ""}${text}${isCut ? "…" : ""}`;
}

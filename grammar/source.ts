/** Source files and places in them. Offsets are UTF-16 code units; lines and columns count from 1. */

export interface SourceFile {
  /** The path as the user wrote it; used in messages, never opened here. */
  readonly path: string;
  readonly text: string;
}

/** A half-open range `[start, end)` of one source file. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where each line of a file begins, found once: diagnostics ask for thousands of places. */
const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function startsOf(source: SourceFile): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** Line and column of an offset, by binary search. */
export function positionAt(source: SourceFile, offset: number): Position {
  const starts = startsOf(source);
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** The offset of the end of the line that an offset is on, before its line break. */
export function lineEndAt(source: SourceFile, offset: number): number {
  const next = startsOf(source)[positionAt(source, offset).line];
  return next === undefined ? source.text.length : next - 1;
}

/** The text of a line (counted from 1), without its line break. */
export function lineText(source: SourceFile, line: number): string {
  const start = startsOf(source)[line - 1];
  return start === undefined ? "" : source.text.slice(start, lineEndAt(source, start)).replace(/\r$/, "");
}

/** The smallest span that covers both; they must lie in one file. */
export function cover(first: Span, last: Span): Span {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

export function spanText(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

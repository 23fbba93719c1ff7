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

/** Line and column of an offset. */
export function positionAt(source: SourceFile, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (const character of before) if (character === "\n") line++;
  return { line, column: offset - lineStart + 1 };
}

/** The text of a line (counted from 1), without its line break. */
export function lineText(source: SourceFile, line: number): string {
  return source.text.split("\n")[line - 1]?.replace(/\r$/, "") ?? "";
}

/** The smallest span that covers both; they must lie in one file. */
export function cover(first: Span, last: Span): Span {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

export function spanText(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

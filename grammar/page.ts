import type { Comment } from "./ast.js";
import { textWidth } from "./display.js";
import { isOwnLine } from "./docs.js";
import type { SourceFile, Span } from "./source.js";

/** Lines grow up to this column before they are broken. */
export const pageWidth = 100;

/** How much further the inside of brackets stands to the right. */
export const indentation = 2;

interface Line {
  readonly indent: number;
  text: string;
  /** The comment behind the text. */
  trailing?: string;
  /** Whether the line is nothing but a comment. */
  readonly isComment: boolean;
}

export interface Beginning {
  readonly indent: number;
  /** Where comments before the line are put; with the line unless it closes something. */
  readonly commentIndent?: number;
  /** `keep` takes over one blank line, `drop` none; `force` sees to it that there is one before the line and its comments. */
  readonly blank?: "keep" | "drop" | "force";
  /** Where the thing before it ended; with `force`, comments from inside that thing stay on its side of the blank line. */
  readonly previousEnd?: number;
}

/**
 * Collects lines and puts the comments back. Comments wait until a line begins for something written behind them:
 * then they go behind the current line if they stood behind something, else on lines of their own.
 */
export interface Page {
  readonly source: SourceFile;
  /** Ends the current line and begins the one for what was written at `offset`. */
  begin(offset: number, beginning: Beginning): void;
  write(text: string): void;
  /** The column at which the next text will stand, from 0. */
  column(): number;
  hasCommentIn(span: Pick<Span, "start" | "end">): boolean;
  /** Where a sign stands that certainly follows; those in comments do not count. */
  find(sign: string, from: number): number;
  /** Whether a blank line will stand between things that were written at these places. */
  isBlankBetween(first: number, second: number): boolean;
  /** The whole text, with the remaining comments. */
  finish(): string;
}

export function createPage(source: SourceFile, comments: readonly Comment[]): Page {
  const lines: Line[] = [];
  let next = 0;

  const isBlankAbove = (offset: number) => source.text.slice(lastInk(source.text, offset), offset).split("\n").length > 2;
  const current = () => lines.at(-1);
  const opens = (line: Line | undefined) => line === undefined || (!line.isComment && /[([{]$/.test(line.text));
  const addLine = (line: Line, isBlankWanted: boolean) => {
    if (isBlankWanted && !opens(current())) lines.push({ indent: 0, text: "", isComment: false });
    lines.push(line);
  };
  const pendingBefore = (offset: number) => {
    const end = comments.findIndex((comment, index) => index >= next && comment.span.start >= offset);
    return comments.slice(next, end < 0 ? comments.length : end);
  };
  const goesBehind = (comment: Comment, line: Line | undefined) => !isOwnLine(source, comment) && line !== undefined && !line.isComment && line.trailing === undefined;

  const flush = (offset: number, { indent, commentIndent = indent, blank = "keep", previousEnd = 0 }: Beginning): boolean => {
    const pending = pendingBefore(offset);
    next += pending.length;
    const beyond = [...pending.filter((comment) => isOwnLine(source, comment)).map((comment) => comment.span.start), offset].filter((start) => start >= previousEnd);
    const forced = blank === "force" && !beyond.some(isBlankAbove) ? beyond[0] : undefined;
    for (const comment of pending) {
      const text = commentText(comment);
      const line = current();
      if (comment === pending[0] && goesBehind(comment, line)) line!.trailing = text;
      else addLine({ indent: commentIndent, text, isComment: true }, comment.span.start === forced || (isOwnLine(source, comment) && isBlankAbove(comment.span.start)));
    }
    return forced === offset || (blank !== "drop" && isBlankAbove(offset));
  };

  return {
    source,
    begin(offset, beginning) {
      const isBlankWanted = flush(offset, beginning);
      addLine({ indent: beginning.indent, text: "", isComment: false }, isBlankWanted);
    },
    write: (text) => void (current()!.text += text),
    column: () => current()!.indent + textWidth(current()!.text),
    hasCommentIn: ({ start, end }) => comments.some((comment) => comment.span.start >= start && comment.span.end <= end),
    find(sign, from) {
      let offset = source.text.indexOf(sign, from);
      while (comments.some(({ span }) => span.start <= offset && offset < span.end)) offset = source.text.indexOf(sign, offset + 1);
      return offset;
    },
    isBlankBetween: (first, second) =>
      isBlankAbove(second) || comments.some((comment) => comment.span.start >= first && comment.span.start < second && isOwnLine(source, comment) && isBlankAbove(comment.span.start)),
    finish() {
      flush(Infinity, { indent: 0 });
      return layOut(lines);
    },
  };
}

/** Where the last thing before an offset ends. */
function lastInk(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return end;
}

function commentText({ doc, text }: Comment): string {
  return `${doc ? "///" : "//"}${text === "" ? "" : ` ${text}`}`;
}

/** Joins the lines; comments behind neighbouring lines are aligned, two spaces behind the longest. */
function layOut(lines: readonly Line[]): string {
  const bodies = lines.map(({ indent, text }) => (text === "" ? "" : " ".repeat(indent) + text).trimEnd());
  let run = 0;
  const texts = lines.map(({ trailing }, index) => {
    if (trailing === undefined) {
      run = index + 1;
      return bodies[index]!;
    }
    let end = index;
    while (lines[end + 1]?.trailing !== undefined) end++;
    const column = Math.max(...bodies.slice(run, end + 1).map(textWidth));
    return `${bodies[index]!}${" ".repeat(column - textWidth(bodies[index]!) + 2)}${trailing}`;
  });
  return texts.length === 0 ? "" : `${texts.join("\n")}\n`;
}

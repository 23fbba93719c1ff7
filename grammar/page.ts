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
  /** Whether a blank line parts what was written at `offset`, with its comments, from what was before. */
  isParted(offset: number): boolean;
  /** The whole text, with the remaining comments. */
  finish(): string;
}

export function createPage(source: SourceFile, comments: readonly Comment[]): Page {
  const lines: Line[] = [];
  let next = 0;

  const current = () => lines.at(-1);
  const isBlankAbove = (offset: number) => source.text.slice(lastInk(source.text, offset), offset).split("\n").length > 2;
  const partsAbove = (comment: Comment) => isOwnLine(source, comment) && isBlankAbove(comment.span.start);
  const addLine = (line: Line, isBlankWanted: boolean) => {
    const last = current();
    const opens = last === undefined || (!last.isComment && /[([{]$/.test(last.text));
    if (isBlankWanted && !opens) lines.push({ indent: 0, text: "", isComment: false });
    lines.push(line);
  };

  /** The number of the first comment that starts at or behind a place, by halving. */
  const firstFrom = (offset: number): number => {
    let [low, high] = [0, comments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comments[middle]!.span.start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** The comments between the last token before a place and the place. */
  const commentsAbove = (offset: number): readonly Comment[] => {
    const end = firstFrom(offset);
    let start = end;
    let below = Math.min(offset, source.text.length);
    while (start > 0 && source.text.slice(comments[start - 1]!.span.end, below).trim() === "") below = comments[--start]!.span.start;
    return comments.slice(start, end);
  };

  /** Writes the comments before a place; tells whether a blank line belongs directly before it. */
  const flush = (offset: number, { indent, commentIndent = indent, blank = "keep" }: Beginning): boolean => {
    const above = commentsAbove(offset);
    const heads = above.filter((comment) => isOwnLine(source, comment));
    const isForced = blank === "force" && !isBlankAbove(offset) && !heads.some(partsAbove);
    while (next < comments.length && comments[next]!.span.start < offset) {
      const comment = comments[next++]!;
      const line = current();
      const text = commentText(comment);
      if (line !== undefined && !line.isComment && line.trailing === undefined && !isOwnLine(source, comment)) line.trailing = text;
      else {
        // Blank lines around comments from inside a line are not taken over: nothing is parted there.
        const isBlankWanted = (isForced && comment === heads[0]) || (above.includes(comment) && partsAbove(comment));
        addLine({ indent: commentIndent, text, isComment: true }, isBlankWanted);
      }
    }
    return (isForced && heads.length === 0) || (blank !== "drop" && isBlankAbove(offset));
  };

  return {
    source,
    begin(offset, beginning) {
      const isBlankWanted = flush(offset, beginning);
      addLine({ indent: beginning.indent, text: "", isComment: false }, isBlankWanted);
    },
    write: (text) => void (current()!.text += text),
    column: () => current()!.indent + textWidth(current()!.text),
    hasCommentIn: ({ start, end }) => (comments[firstFrom(start)]?.span.end ?? Infinity) <= end,
    find(sign, from) {
      let offset = source.text.indexOf(sign, from);
      for (let index = firstFrom(from); index < comments.length && comments[index]!.span.start <= offset; index++) {
        offset = source.text.indexOf(sign, Math.max(offset, comments[index]!.span.end));
      }
      return offset;
    },
    isParted: (offset) => isBlankAbove(offset) || commentsAbove(offset).some(partsAbove),
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
  const texts = lines.map(({ indent, text }) => (text === "" ? "" : " ".repeat(indent) + text).trimEnd());
  const widths = texts.map(textWidth);
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    while (lines[end]?.trailing !== undefined) end++;
    const column = widths.slice(start, end).reduce((widest, width) => Math.max(widest, width), 0);
    for (let index = start; index < end; index++) texts[index] += `${" ".repeat(column - widths[index]! + 2)}${lines[index]!.trailing}`;
    start = end;
  }
  return texts.length === 0 ? "" : `${texts.join("\n")}\n`;
}

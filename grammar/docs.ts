import type { Comment } from "./ast.js";
import type { SourceFile } from "./source.js";

/** Which comments document what; each `///` belongs to the file, to one declaration, or to nothing. */
export interface Docs {
  readonly file: string;
  /** For each declaration, in order, its text; "" when there is none. */
  readonly declarations: readonly string[];
  readonly stray: readonly Comment[];
}

/** Whether only space stands before the comment on its line. */
export function isOwnLine(source: SourceFile, comment: Comment): boolean {
  const lineStart = source.text.lastIndexOf("\n", comment.span.start - 1) + 1;
  return source.text.slice(lineStart, comment.span.start).trim() === "";
}

/** Attributes documentation: directly above a declaration to it, else above the first one to the file. */
export function attributeDocs(source: SourceFile, comments: readonly Comment[], starts: readonly number[]): Docs {
  const used = new Set<Comment>();
  const take = (group: readonly Comment[]): string => {
    const docs = group.filter((comment) => comment.doc);
    for (const doc of docs) used.add(doc);
    return docs.map((doc) => doc.text).join("\n");
  };
  const declarations = starts.map((start) => take(groupAbove(source, comments, start)));
  const first = comments.find((comment) => comment.doc);
  const opensFile = first && !used.has(first) && isOwnLine(source, first) && first.span.start < (starts[0] ?? Infinity);
  const file = opensFile ? take(groupBelow(source, comments, comments.indexOf(first))) : "";
  return { file, declarations, stray: comments.filter((comment) => comment.doc && !used.has(comment)) };
}

/** The comments on the lines directly above a place, without a blank line between. */
function groupAbove(source: SourceFile, comments: readonly Comment[], start: number): readonly Comment[] {
  const group: Comment[] = [];
  let below = start;
  for (let index = comments.findLastIndex((comment) => comment.span.end <= start); index >= 0; index--) {
    const comment = comments[index]!;
    if (!isNextLine(source, comment.span.end, below) || !isOwnLine(source, comment)) break;
    group.unshift(comment);
    below = comment.span.start;
  }
  return group;
}

function groupBelow(source: SourceFile, comments: readonly Comment[], index: number): readonly Comment[] {
  let end = index + 1;
  while (end < comments.length && isNextLine(source, comments[end - 1]!.span.end, comments[end]!.span.start)) end++;
  return comments.slice(index, end);
}

function isNextLine(source: SourceFile, end: number, start: number): boolean {
  return /^[^\S\n]*\n[^\S\n]*$/.test(source.text.slice(end, start));
}

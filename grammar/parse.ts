import type { ILexingError, IToken } from "./chevrotain.js";
import type { Comment, File } from "./ast.js";
import { buildFile } from "./build.js";
import { shownText } from "./cst.js";
import type { Checked, Diagnostic } from "./diagnostic.js";
import { problem } from "./messages.js";
import { parseTokens } from "./parser.js";
import { repair } from "./repair.js";
import { lineEndAt, spanText, type SourceFile, type Span } from "./source.js";
import { lexer, meantBy, token, tokenTable, type TokenName } from "./tokens.js";

/** The most tokens and comments of a file, a hundred times what a large model has: so that any file is answered in a second. */
export const maximumPieces = 100_000;

/** A file of which nothing is read but that it is no model. */
function tooLong(source: SourceFile, first: IToken | undefined): Checked<File> {
  const span = first === undefined ? { source, start: 0, end: 0 } : spanOf(source, first);
  const help = "name what repeats with `param`, `block` and `repeat`, or divide the file and join its parts by `use`";
  return {
    value: buildFile(source, parseTokens([]).root, []).value,
    diagnostics: [problem("too-long", span, { limit: maximumPieces.toLocaleString("en") }, { help })],
  };
}

/**
 * Text → tree. Total: any text gives a tree with every declaration that could be saved, and several mistakes are
 * reported in one run, in the order of their places.
 */
export function parse(source: SourceFile): Checked<File> {
  const lexed = lexer.tokenize(source.text);
  const written = lexed.groups["comments"] ?? [];
  if (lexed.tokens.length + lexed.errors.length + written.length > maximumPieces) return tooLong(source, lexed.tokens[0] ?? written[0]);
  const repaired = repair(lexed.tokens, source);
  const { root, stuck } = parseTokens(repaired.value);
  const tree = buildFile(
    source,
    root,
    written.map((each) => commentOf(source, each)),
  );
  const lexical = [
    ...lexed.errors.map((error) => strayCharacters(source, error)),
    ...[...repaired.value, ...written].flatMap((each) => misspelling(source, each) ?? []),
  ];
  const syntactic = withoutConsequences(
    [...repaired.diagnostics, ...tree.diagnostics, ...stuck.map((each) => unexplained(source, each))],
    lexical,
    source,
  );
  const diagnostics = [...lexical, ...syntactic].sort((a, b) => a.at.span.start - b.at.span.start);
  return { value: tree.value, diagnostics };
}

/**
 * Leaves out what lies on the same line behind characters that could not be read, and anywhere on the line of a
 * string without an end: it would say the same again, less well.
 */
function withoutConsequences(
  diagnostics: readonly Diagnostic[],
  lexical: readonly Diagnostic[],
  source: SourceFile,
): readonly Diagnostic[] {
  const lineEnd = (offset: number) => lineEndAt(source, offset);
  const unreadableFrom = new Map<number, number>();
  for (const { code, at } of lexical) {
    const line = lineEnd(at.span.start);
    const from = code === "unterminated-string" ? 0 : code === "unexpected-character" ? at.span.start : Infinity;
    unreadableFrom.set(line, Math.min(from, unreadableFrom.get(line) ?? Infinity));
  }
  return diagnostics.filter(({ at }) => at.span.start < (unreadableFrom.get(lineEnd(at.span.start)) ?? Infinity));
}

/** The grammar reads everything; should it ever stop at a token, that must not go unnoticed. */
function unexplained(source: SourceFile, each: IToken): Diagnostic {
  const start = Number.isNaN(each.startOffset) ? source.text.length : each.startOffset;
  const span = { source, start, end: start + each.image.length };
  return problem("unexpected-token", span, {
    expected: "something else",
    found: each.image === "" ? "the end of the file" : shownText(each.image),
  });
}

function commentOf(source: SourceFile, each: IToken): Comment {
  const doc = each.tokenType === token.Doc;
  const text = each.image
    .replace(/^(\/\*|\/\/\/?|#) ?/, "")
    .replace(/\*\/$/, "")
    .trimEnd();
  return { span: spanOf(source, each), text, doc };
}

/** What is to be said about a token that is only a misspelling of another. */
function misspelling(source: SourceFile, each: IToken): Diagnostic | undefined {
  const meant = meantBy(each.tokenType);
  if (meant === undefined) return undefined;
  const span = spanOf(source, each);
  if (each.tokenType === token.OpenString) return problem("unterminated-string", span, {}, { help: 'put `"` where it ends' });
  const text = respelt(each, meant);
  const endsLine = source.text.slice(span.end, lineEndAt(source, span.end)).trim() === "";
  const isSafe = meant !== "Comment" || endsLine;
  return problem("misspelt-symbol", span, { found: shownText(each.image), meant: shownText(text) }, isSafe ? { fix: { span, text } } : {});
}

function respelt(each: IToken, meant: TokenName): string {
  const { pattern } = tokenTable[meant];
  if (typeof pattern === "string") return pattern;
  if (meant === "String") return `"${each.image.slice(1, -1)}"`;
  const lines = each.image
    .replace(/^(\/\*|#)/, "")
    .replace(/\*\/$/, "")
    .trimEnd()
    .split("\n");
  return lines.map((line) => `//${line.trimEnd()}`).join("\n");
}

const advice: Readonly<Record<string, string>> = {
  ";": "nothing ends a line; leave it out",
  ".": "a number starts with a digit: `0.5`",
  "'": 'strings are written in `"`',
};

function strayCharacters(source: SourceFile, error: ILexingError): Diagnostic {
  const span = { source, start: error.offset, end: error.offset + error.length };
  const text = spanText(span);
  const help = text === "." && !/\d/.test(source.text[span.end] ?? "") ? undefined : advice[text];
  const fix = text === ";" ? { fix: { span, text: "" } } : {};
  return problem("unexpected-character", span, { found: shownText(text) }, { ...(help === undefined ? {} : { help }), ...fix });
}

function spanOf(source: SourceFile, each: IToken): Span {
  return { source, start: each.startOffset, end: each.endOffset! + 1 };
}

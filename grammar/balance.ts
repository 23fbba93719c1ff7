import { createTokenInstance, tokenMatcher, type IToken, type TokenType } from "./chevrotain.js";
import type { Checked, Diagnostic } from "./diagnostic.js";
import { problem } from "./messages.js";
import { beginsDeclaration } from "./statements.js";
import type { SourceFile, Span } from "./source.js";
import { isFirstOnLine, retyped, spanOfToken } from "./token-place.js";
import { category, token } from "./tokens.js";

const partner: Readonly<Record<string, TokenType>> = {
  OpenParen: token.CloseParen,
  OpenSquare: token.CloseSquare,
  OpenBrace: token.CloseBrace,
};

const textOf: Readonly<Record<string, string>> = { CloseParen: ")", CloseSquare: "]", CloseBrace: "}" };

/** Where the missing partner of an opening bracket is assumed: before the token with this index. */
interface Insertion {
  readonly opener: number;
  readonly before: number;
}

/** How far a bracket looks for the place where its partner is missing, in tokens. */
const reach = 500;

/**
 * Adds missing brackets, drops those without a partner, exchanges wrong ones. Where lines and indentation tell what
 * was meant they are believed, but only in text that is wrong: otherwise newlines mean nothing.
 */
export function balance(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  return isBalanced(tokens) ? { value: tokens, diagnostics: [] } : repairBrackets(tokens, source);
}

/** Whether brackets pair up, with all declarations outside of them. */
function isBalanced(tokens: readonly IToken[]): boolean {
  const expected: TokenType[] = [];
  for (const [index, each] of tokens.entries()) {
    if (tokenMatcher(each, category.Opener)) expected.push(partner[each.tokenType.name]!);
    else if (tokenMatcher(each, category.Closer) && expected.pop() !== each.tokenType) return false;
    else if (expected.length > 0 && beginsDeclaration(each, tokens[index + 1], tokens[index + 2])) return false;
  }
  return expected.length === 0;
}

function repairBrackets(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  const insertions: Insertion[] = [];
  const exchanged = new Map<number, TokenType | undefined>();
  const stack: number[] = [];
  const leaveOpen = (keep: number, limit: number) => {
    while (stack.length > keep) insertions.push(insertionFor(tokens, stack.pop()!, limit));
  };
  tokens.forEach((each, index) => {
    if (tokenMatcher(each, category.Opener)) stack.push(index);
    else if (stack.length > 0 && startsDeclaration(tokens, index)) leaveOpen(0, index);
    else if (tokenMatcher(each, category.Closer)) {
      const height = partnerHeight(tokens, stack, index);
      const top = tokens[stack.at(-1) ?? -1];
      if (top !== undefined && isWrong(tokens, stack, height, index)) {
        exchanged.set(index, partner[top.tokenType.name]);
        stack.pop();
        diagnostics.push(wrongBracket(source, top, each));
      } else if (height !== undefined) {
        leaveOpen(height + 1, index);
        stack.pop();
      } else {
        exchanged.set(index, undefined);
        const span = spanOfToken(source, each);
        diagnostics.push(problem("unopened-bracket", span, { bracket: each.image }, { fix: { span, text: "" } }));
      }
    }
  });
  leaveOpen(0, tokens.length);
  for (const insertion of insertions) diagnostics.push(unclosedBracket(source, tokens, insertion));
  return { value: rebuild(tokens, insertions, exchanged), diagnostics };
}

/** The height in the stack of the bracket that this one closes; undefined when there is none in reach. */
function partnerHeight(tokens: readonly IToken[], stack: readonly number[], closer: number): number | undefined {
  const { tokenType, startColumn } = tokens[closer]!;
  const isOwnLine = tokenType === token.CloseBrace && isFirstOnLine(tokens, closer);
  let nearest: number | undefined;
  for (let height = stack.length - 1; height >= Math.max(0, stack.length - reach); height--) {
    if (partner[tokens[stack[height]!]!.tokenType.name] !== tokenType) continue;
    nearest ??= height;
    // A brace on a line of its own is indented like the line it belongs to.
    if (!isOwnLine || lineStart(tokens, stack[height]!).startColumn === startColumn) return height;
  }
  return nearest;
}

/** Whether a closing bracket was to be that of the innermost open one: `dense(10]`, `i8[4, 4}`. */
function isWrong(tokens: readonly IToken[], stack: readonly number[], height: number | undefined, closer: number): boolean {
  const [each, opener] = [tokens[closer]!, tokens[stack.at(-1)!]!];
  if (opener.tokenType === token.OpenBrace || height === stack.length - 1) return false;
  if (each.tokenType !== token.CloseBrace) return height === undefined;
  const braceLine = height === undefined ? undefined : tokens[stack[height]!]!.startLine;
  const follows = tokens[closer - 1]!.endOffset! + 1 === each.startOffset;
  return follows && opener.startLine === each.startLine && braceLine !== each.startLine;
}

/** Before which token a bracket that is open until `limit` was probably to be closed. */
function insertionFor(tokens: readonly IToken[], opener: number, limit: number): Insertion {
  const isList = tokens[opener]!.tokenType === token.OpenSquare;
  if (tokens[opener]!.tokenType === token.OpenBrace) return { opener, before: limit };
  let depth = 0;
  for (let index = opener + 1; index < Math.min(limit, opener + reach); index++) {
    const each = tokens[index]!;
    const continues = index === opener + 1 || tokens[index - 1]!.tokenType === token.Comma;
    if (depth === 0) {
      const ends = [token.Arrow, token.As, token.OpenBrace, category.Comparison].some((type) => tokenMatcher(each, type));
      if (ends || (isFirstOnLine(tokens, index) && !continues)) return { opener, before: index };
      if (isList && tokenMatcher(each, category.Name) && tokens[index + 1]?.tokenType === token.Colon) {
        return { opener, before: tokens[index - 1]!.tokenType === token.Comma ? index - 1 : index };
      }
    }
    if (tokenMatcher(each, category.Opener)) depth++;
    if (tokenMatcher(each, category.Closer)) depth = Math.max(0, depth - 1);
  }
  return { opener, before: limit };
}

function rebuild(
  tokens: readonly IToken[],
  insertions: readonly Insertion[],
  exchanged: ReadonlyMap<number, TokenType | undefined>,
): readonly IToken[] {
  const before = new Map<number, Insertion[]>();
  for (const insertion of insertions) {
    if (!before.has(insertion.before)) before.set(insertion.before, []);
    before.get(insertion.before)!.push(insertion);
  }
  const result: IToken[] = [];
  for (let index = 0; index <= tokens.length; index++) {
    // The bracket opened last is closed first.
    const closing = (before.get(index) ?? []).sort((a, b) => b.opener - a.opener);
    for (const { opener } of closing) result.push(invented(partner[tokens[opener]!.tokenType.name]!, tokens[index - 1]!));
    const each = tokens[index];
    if (each === undefined) continue;
    if (!exchanged.has(index)) result.push(each);
    else if (exchanged.get(index) !== undefined) result.push(retyped(each, exchanged.get(index)!));
  }
  return result;
}

/** Whether a declaration starts here although brackets are still open: certainly, or with keyword and name at the start of a line. */
function startsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const [word, name, link] = [tokens[index]!, tokens[index + 1], tokens[index + 2]];
  if (beginsDeclaration(word, name, link)) return true;
  return (
    isFirstOnLine(tokens, index) && tokenMatcher(word, category.Declaration) && name !== undefined && tokenMatcher(name, category.Name)
  );
}

function unclosedBracket(source: SourceFile, tokens: readonly IToken[], { opener, before }: Insertion): Diagnostic {
  const open = tokens[opener]!;
  const close = textOf[partner[open.tokenType.name]!.name]!;
  const last = spanOfToken(source, tokens[before - 1]!);
  const gap: Span = { source, start: last.end, end: last.end };
  return problem(
    "unclosed-bracket",
    spanOfToken(source, open),
    { bracket: open.image },
    {
      related: [{ span: gap, text: `\`${close}\` is missing here` }],
      fix: { span: gap, text: close === "}" ? `\n${indentOf(source, open)}}` : close },
    },
  );
}

function indentOf(source: SourceFile, each: IToken): string {
  const start = source.text.lastIndexOf("\n", each.startOffset) + 1;
  return /^[^\S\n]*/.exec(source.text.slice(start, each.startOffset))![0];
}

function wrongBracket(source: SourceFile, open: IToken, close: IToken): Diagnostic {
  const expected = textOf[partner[open.tokenType.name]!.name]!;
  return problem(
    "wrong-bracket",
    spanOfToken(source, close),
    { open: open.image, close: close.image },
    {
      label: `should be \`${expected}\``,
      related: [{ span: spanOfToken(source, open), text: "opened here" }],
      fix: { span: spanOfToken(source, close), text: expected },
    },
  );
}

function lineStart(tokens: readonly IToken[], index: number): IToken {
  let first = index;
  while (!isFirstOnLine(tokens, first)) first--;
  return tokens[first]!;
}

/** A token that was not written: its range is empty and lies right after the token before it. */
function invented(type: TokenType, previous: IToken): IToken {
  const [line, column] = [previous.endLine ?? 1, (previous.endColumn ?? 0) + 1];
  return createTokenInstance(type, "", previous.endOffset! + 1, previous.endOffset!, line, line, column, column - 1);
}

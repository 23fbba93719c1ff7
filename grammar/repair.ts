import { createTokenInstance, tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type { Checked, Diagnostic } from "./diagnostic.js";
import { problem } from "./messages.js";
import type { SourceFile, Span } from "./source.js";
import { suggest } from "./suggest.js";
import { category, declarationWords, token } from "./tokens.js";

/** How deep brackets may nest. With `maximumOperators` it bounds the depth of the tree, so that walking it needs no care. */
export const maximumDepth = 32;

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

/**
 * Makes a token stream that the grammar can rely on: brackets are balanced and not too deep, and words that can
 * only have been meant as keywords are keywords.
 */
export function repair(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const balanced = balance(tokens, source);
  const shallow = flatten(balanced.value, source);
  const spelt = respell(shallow.value, source);
  return { value: spelt.value, diagnostics: [...balanced.diagnostics, ...shallow.diagnostics, ...spelt.diagnostics] };
}

/** Adds missing brackets, drops those without a partner, exchanges wrong ones. */
function balance(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
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
      const depth = partnerDepth(tokens, stack, index);
      const top = tokens[stack.at(-1) ?? -1];
      if (depth !== undefined) {
        leaveOpen(depth + 1, index);
        stack.pop();
      } else if (top && each.tokenType !== token.CloseBrace && top.tokenType !== token.OpenBrace) {
        exchanged.set(index, partner[top.tokenType.name]);
        stack.pop();
        diagnostics.push(wrongBracket(source, top, each));
      } else {
        exchanged.set(index, undefined);
        diagnostics.push(problem("unopened-bracket", spanOf(source, each), { bracket: each.image }, { fix: { span: spanOf(source, each), text: "" } }));
      }
    }
  });
  leaveOpen(0, tokens.length);
  for (const insertion of insertions) diagnostics.push(unclosedBracket(source, tokens, insertion));
  return { value: rebuild(tokens, insertions, exchanged), diagnostics };
}

/** The height in the stack of the bracket that this one closes; undefined when there is none. */
function partnerDepth(tokens: readonly IToken[], stack: readonly number[], closer: number): number | undefined {
  const closes = (opener: number) => partner[tokens[opener]!.tokenType.name] === tokens[closer]!.tokenType;
  const nearest = stack.findLastIndex(closes);
  if (nearest < 0) return undefined;
  if (!isFirstOnLine(tokens, closer) || tokens[closer]!.tokenType !== token.CloseBrace) return nearest;
  // A brace on a line of its own is indented like the line it belongs to.
  const column = tokens[closer]!.startColumn;
  const sameIndent = stack.findLastIndex((opener) => closes(opener) && lineStart(tokens, opener).startColumn === column);
  return sameIndent < 0 ? nearest : sameIndent;
}

/** Before which token a bracket that is open until `limit` was probably to be closed. */
function insertionFor(tokens: readonly IToken[], opener: number, limit: number): Insertion {
  const isList = tokens[opener]!.tokenType === token.OpenSquare;
  if (tokens[opener]!.tokenType === token.OpenBrace) return { opener, before: limit };
  let depth = 0;
  for (let index = opener + 1; index < limit; index++) {
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

function rebuild(tokens: readonly IToken[], insertions: readonly Insertion[], exchanged: ReadonlyMap<number, TokenType | undefined>): readonly IToken[] {
  const before = new Map<number, Insertion[]>();
  for (const insertion of insertions) before.set(insertion.before, [...(before.get(insertion.before) ?? []), insertion]);
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

/** Empties brackets that are nested too deeply. */
function flatten(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  let depth = 0;
  const value = tokens.filter((each) => {
    if (tokenMatcher(each, category.Closer)) depth--;
    const isKept = depth <= maximumDepth;
    if (tokenMatcher(each, category.Opener) && ++depth === maximumDepth + 1) {
      diagnostics.push(problem("nested-too-deeply", spanOf(source, each), { limit: maximumDepth }, { help: "name the inner parts with `block` or `param`" }));
    }
    return isKept;
  });
  return { value, diagnostics };
}

/** Takes `modle fc {` for `model fc {`, `requires flash <=` for `require flash <=`, and `expect accuracy => 98%` for `>=`. */
function respell(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  let depth = 0;
  let lineOpens = tokens[0];
  const value = tokens.map((each, index) => {
    if (isFirstOnLine(tokens, index)) lineOpens = each;
    if (tokenMatcher(each, category.Opener)) depth++;
    if (tokenMatcher(each, category.Closer)) depth--;
    const [next, afterNext] = [tokens[index + 1], tokens[index + 2]];
    if (each.tokenType === token.FatArrow && (lineOpens?.tokenType === token.Require || lineOpens?.tokenType === token.Expect)) return retyped(each, token.OtherAtLeast);
    if (each.tokenType !== token.Identifier || !next || !afterNext || !tokenMatcher(next, category.Name)) return each;
    const follows = depth === 0 ? [token.OpenBrace, token.OpenParen, token.Equals, token.On, token.To, token.From, token.Comma, token.Minus] : [category.Comparison];
    if (!follows.some((type) => tokenMatcher(afterNext, type))) return each;
    const meant = suggest(each.image, depth === 0 ? declarationWords : ["require", "expect"]);
    if (meant === undefined) return each;
    const span = spanOf(source, each);
    diagnostics.push(problem("misspelt-keyword", span, { found: `\`${each.image}\`` }, { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } }));
    return retyped(each, Object.values(token).find((type) => type.PATTERN === meant)!);
  });
  return { value, diagnostics };
}

/**
 * Whether a declaration certainly starts here although brackets are still open: a keyword and a name that starts a
 * line, or three tokens that occur nowhere else.
 */
function startsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const [word, name, link] = [tokens[index]!, tokens[index + 1], tokens[index + 2]];
  if (!tokenMatcher(word, category.Declaration) || !name || !tokenMatcher(name, category.Name)) return false;
  if (isFirstOnLine(tokens, index)) return true;
  const links: Readonly<Record<string, readonly TokenType[]>> = {
    Use: [token.From, token.Comma],
    Param: [token.Equals],
    Block: [token.OpenParen, token.OpenBrace],
    Dataset: [token.OpenBrace],
    Model: [token.OpenBrace],
    Train: [token.On],
    Deploy: [token.To],
  };
  return link !== undefined && links[word.tokenType.name]!.includes(link.tokenType);
}

function unclosedBracket(source: SourceFile, tokens: readonly IToken[], { opener, before }: Insertion): Diagnostic {
  const open = tokens[opener]!;
  const close = textOf[partner[open.tokenType.name]!.name]!;
  const last = spanOf(source, tokens[before - 1]!);
  const gap: Span = { source, start: last.end, end: last.end };
  return problem("unclosed-bracket", spanOf(source, open), { bracket: open.image }, {
    related: [{ span: gap, text: `\`${close}\` is missing here` }],
    fix: { span: gap, text: close === "}" ? "\n}" : close },
  });
}

function wrongBracket(source: SourceFile, open: IToken, close: IToken): Diagnostic {
  const expected = textOf[partner[open.tokenType.name]!.name]!;
  return problem("wrong-bracket", spanOf(source, close), { open: open.image, close: close.image }, {
    label: `should be \`${expected}\``,
    related: [{ span: spanOf(source, open), text: "opened here" }],
    fix: { span: spanOf(source, close), text: expected },
  });
}

function lineStart(tokens: readonly IToken[], index: number): IToken {
  let first = index;
  while (!isFirstOnLine(tokens, first)) first--;
  return tokens[first]!;
}

function isFirstOnLine(tokens: readonly IToken[], index: number): boolean {
  return index === 0 || tokens[index - 1]!.endLine !== tokens[index]!.startLine;
}

/** A token that was not written: its range is empty and lies right after the token before it. */
function invented(type: TokenType, previous: IToken): IToken {
  const [line, column] = [previous.endLine ?? 1, (previous.endColumn ?? 0) + 1];
  return createTokenInstance(type, "", previous.endOffset! + 1, previous.endOffset!, line, line, column, column - 1);
}

function retyped(each: IToken, type: TokenType): IToken {
  return createTokenInstance(type, each.image, each.startOffset, each.endOffset!, each.startLine!, each.endLine!, each.startColumn!, each.endColumn!);
}

function spanOf(source: SourceFile, each: IToken): Span {
  return { source, start: each.startOffset, end: each.endOffset! + 1 };
}

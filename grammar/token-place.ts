import { createTokenInstance, tokenMatcher, type IToken, type TokenType } from "./chevrotain.js";
import type { SourceFile, Span } from "./source.js";
import { category, token } from "./tokens.js";

/** Where tokens stand, for the passes before the grammar, which see them one by one. */
export function spanOfToken(source: SourceFile, each: IToken): Span {
  return { source, start: each.startOffset, end: each.endOffset! + 1 };
}

export function isFirstOnLine(tokens: readonly IToken[], index: number): boolean {
  return index === 0 || tokens[index - 1]!.endLine !== tokens[index]!.startLine;
}

/** Whether a token and the one after it stand together like parts of a name. */
export function touches(tokens: readonly IToken[], index: number): boolean {
  const [left, right] = [tokens[index]!, tokens[index + 1]];
  const isPart = right !== undefined && [category.Name, token.Number, token.Minus].some((type) => tokenMatcher(right, type));
  return isPart && left.endOffset! + 1 === right.startOffset;
}

/** The same text taken for another token. */
export function retyped(each: IToken, type: TokenType): IToken {
  return createTokenInstance(
    type,
    each.image,
    each.startOffset,
    each.endOffset!,
    each.startLine!,
    each.endLine!,
    each.startColumn!,
    each.endColumn!,
  );
}

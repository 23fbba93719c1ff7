import { tokenMatcher, type IToken } from "./chevrotain.js";
import { balance } from "./balance.js";
import type { Checked, Diagnostic } from "./diagnostic.js";
import { problem } from "./messages.js";
import type { SourceFile } from "./source.js";
import { suggest } from "./suggest.js";
import { isFirstOnLine, retyped, spanOfToken, touches } from "./token-place.js";
import { category, declarationWords, token } from "./tokens.js";

/** How deep brackets may nest. With `maximumOperators` it bounds the depth of the tree, so that walking it needs no care. */
export const maximumDepth = 32;

/**
 * Makes a token stream that the grammar can rely on: brackets are balanced and not too deep, and what can only have
 * been meant as a keyword or a name is one.
 */
export function repair(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  const passes = [balance, limitDepth, joinNames, respell];
  const value = passes.reduce<readonly IToken[]>((current, pass) => {
    const checked = pass(current, source);
    for (const each of checked.diagnostics) diagnostics.push(each);
    return checked.value;
  }, tokens);
  return { value, diagnostics };
}

/** Empties brackets that are nested too deeply. */
function limitDepth(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  let depth = 0;
  const value = tokens.filter((each) => {
    if (tokenMatcher(each, category.Closer)) depth--;
    const isKept = depth <= maximumDepth;
    if (tokenMatcher(each, category.Opener) && ++depth === maximumDepth + 1) {
      diagnostics.push(
        problem(
          "nested-too-deeply",
          spanOfToken(source, each),
          { limit: maximumDepth },
          { help: "name the inner parts with `block` or `param`" },
        ),
      );
    }
    return isKept;
  });
  return { value, diagnostics };
}

/** Takes `model fc-mnist {` for `model fc_mnist {`: where a name is declared or meant, nothing is subtracted. */
function joinNames(tokens: readonly IToken[], source: SourceFile): Checked<readonly IToken[]> {
  const diagnostics: Diagnostic[] = [];
  const value: IToken[] = [];
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const first = tokens[index]!;
    if (tokenMatcher(first, category.Opener)) depth++;
    if (tokenMatcher(first, category.Closer)) depth--;
    let last = index;
    const previous = value.at(-1);
    const namesSomething =
      previous !== undefined && [category.Declaration, token.On, token.To, token.Comma].some((type) => tokenMatcher(previous, type));
    if (depth === 0 && namesSomething && tokenMatcher(first, category.Name)) {
      while (tokens[last + 1]?.tokenType === token.Minus && touches(tokens, last) && touches(tokens, last + 1)) last += 2;
    }
    if (last === index) value.push(first);
    else {
      const span = { ...spanOfToken(source, first), end: spanOfToken(source, tokens[last]!).end };
      const text = tokens
        .slice(index, last + 1)
        .map((each) => (each.tokenType === token.Minus ? "_" : each.image))
        .join("");
      diagnostics.push(problem("hyphenated-name", span, { name: text }, { fix: { span, text } }));
      value.push({ ...retyped(first, token.Identifier), image: text, endOffset: span.end - 1 });
      index = last;
    }
  }
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
    if (each.tokenType === token.FatArrow && (lineOpens?.tokenType === token.Require || lineOpens?.tokenType === token.Expect))
      return retyped(each, token.OtherAtLeast);
    if (each.tokenType !== token.Identifier || !next || !afterNext || !tokenMatcher(next, category.Name)) return each;
    const follows =
      depth === 0
        ? [token.OpenBrace, token.OpenParen, token.Equals, token.On, token.To, token.From, token.Comma, token.Minus]
        : [category.Comparison];
    if (!follows.some((type) => tokenMatcher(afterNext, type))) return each;
    const meant = suggest(each.image, depth === 0 ? declarationWords : ["require", "expect"]);
    if (meant === undefined) return each;
    const span = spanOfToken(source, each);
    diagnostics.push(
      problem(
        "misspelt-keyword",
        span,
        { found: `\`${each.image}\`` },
        { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } },
      ),
    );
    return retyped(
      each,
      Object.values(token).find((type) => type.PATTERN === meant)!,
    );
  });
  return { value, diagnostics };
}

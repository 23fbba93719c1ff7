import type { CstElement, CstNode, IToken } from "./chevrotain.js";
import { after, childToken, inOrder, isNode, isToken, lastWord, matches, shown, spanOf, type Reading } from "./cst.js";
import { token } from "./tokens.js";

/** The slips that many rules have in common: commas, arrows and colons, and what fits nowhere. */

/** Reports `=` where a setting or an argument is set. */
export function checkColon(reading: Reading, assign: CstNode, name: IToken): void {
  const equals = childToken(assign, "Equals");
  if (equals === undefined) return;
  const span = spanOf(reading, equals);
  const fix = { span: { ...span, start: spanOf(reading, name).end }, text: ":" };
  reading.report("equals-for-colon", span, { name: shown(reading, name) }, { fix });
}

/** Checks that commas and items alternate and gives the items. */
export function separated(
  reading: Reading,
  elements: readonly CstElement[],
  expected: string,
  options: { readonly mayEndWithComma: boolean },
): readonly CstElement[] {
  const items: CstElement[] = [];
  let previous: CstElement | undefined;
  for (const element of elements) {
    const isComma = matches(element, token.Comma);
    if (isNode(element, "skipped")) reportSkipped(reading, element, expected);
    else if (isComma && (previous === undefined || matches(previous, token.Comma))) reportComma(reading, element);
    else if (!isComma) {
      if (previous !== undefined && !matches(previous, token.Comma) && !isNode(previous, "skipped")) {
        const values = { left: lastWord(reading, previous), right: shown(reading, element) };
        reading.report("missing-comma", spanOf(reading, element), values, { fix: { span: after(reading, previous), text: "," } });
      }
      items.push(element);
    }
    previous = element;
  }
  if (matches(previous, token.Comma) && items.length > 0 && !options.mayEndWithComma) reportComma(reading, previous);
  return items;
}

function reportComma(reading: Reading, comma: IToken): void {
  const span = spanOf(reading, comma);
  reading.report("extra-comma", span, {}, { fix: { span, text: "" } });
}

/** Reports what fits nowhere, once, at its first token. */
export function reportSkipped(reading: Reading, node: CstNode, expected: string, help?: string): void {
  let first: CstElement = node;
  while (!isToken(first)) first = inOrder(first)[0]!;
  if (first.tokenType === token.Comma) reportComma(reading, first);
  else
    reading.report(
      "unexpected-token",
      spanOf(reading, first),
      { expected, found: shown(reading, first) },
      help === undefined ? {} : { help },
    );
}

/** Reports an arrow without a stage on one of its sides. */
export function reportArrow(reading: Reading, arrow: IToken, side: "before" | "after"): void {
  const span = spanOf(reading, arrow);
  const space = /^ */.exec(reading.source.text.slice(span.end))![0].length;
  reading.report("extra-arrow", span, { side }, { fix: { span: { ...span, end: span.end + space }, text: "" } });
}

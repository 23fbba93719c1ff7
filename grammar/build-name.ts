import type { CstNode, IToken } from "./chevrotain.js";
import type { Name } from "./ast.js";
import { after, childToken, spanOf, type Reading } from "./cst.js";
import type { Span } from "./source.js";

/** A name as it was written. */
export function buildName(reading: Reading, written: IToken): Name {
  return { text: written.image, span: spanOf(reading, written) };
}

/** The name of something that was not named, at the place where it was missed. */
export function missingName(span: Span): Name {
  return { text: "", span };
}

/** `as image`; the name is empty when it is missing. */
export function buildAlias(reading: Reading, node: CstNode): Name {
  const written = childToken(node, "Name");
  if (written !== undefined) return buildName(reading, written);
  const gap = after(reading, node);
  reading.report("missing-token", gap, { expected: "a name", after: "`as`" });
  return missingName(gap);
}

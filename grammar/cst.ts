import { tokenMatcher, type CstElement, type CstNode, type IToken, type TokenType } from "./chevrotain.js";
import type { Report } from "./messages.js";
import type { RuleName } from "./parser.js";
import { spanText, type SourceFile, type Span } from "./source.js";
import type { CategoryName, TokenName } from "./tokens.js";

/** What a run of `build` carries along: where the text is from, and what was found wrong so far. */
export interface Reading {
  readonly source: SourceFile;
  readonly report: Report;
}

export function isToken(element: CstElement): element is IToken {
  return "image" in element;
}

export function isNode(element: CstElement | undefined, rule: RuleName): element is CstNode {
  return element !== undefined && "children" in element && element.name === rule;
}

export function matches(element: CstElement | undefined, type: TokenType): element is IToken {
  return element !== undefined && isToken(element) && tokenMatcher(element, type);
}

export function child(node: CstNode, rule: RuleName | "subject" | "bound"): CstNode | undefined {
  return node.children[rule]?.[0] as CstNode | undefined;
}

export function childToken(node: CstNode, name: TokenName | CategoryName): IToken | undefined {
  return node.children[name]?.[0] as IToken | undefined;
}

/** All children as they stand in the text; empty nodes are left out. */
export function inOrder(node: CstNode | undefined): readonly CstElement[] {
  const children = Object.values(node?.children ?? {}).flat();
  return children.filter((each) => !Number.isNaN(startOf(each))).sort((a, b) => startOf(a) - startOf(b));
}

/** The place of an element; of an empty node, none. */
export function spanOf(reading: Reading, element: CstElement): Span {
  const place = isToken(element) ? element : element.location!;
  return { source: reading.source, start: place.startOffset, end: place.endOffset! + 1 };
}

/** The empty place right after an element, where something was missed. */
export function after(reading: Reading, element: CstElement | Span): Span {
  const end = "source" in element ? element.end : spanOf(reading, element).end;
  return { source: reading.source, start: end, end };
}

/** An element as a message shows it: in full when short, else its beginning. */
export function shown(reading: Reading, element: CstElement): string {
  return shownSpan(spanOf(reading, element));
}

export function shownSpan(span: Span): string {
  return shownText(spanText(span));
}

export function shownText(written: string): string {
  const text = written.replace(/\s+/g, " ");
  return `\`${text.length <= 24 ? text : `${text.slice(0, 20).trimEnd()} …`}\``;
}

/** What a message says an element follows: its last line or word. */
export function lastWord(reading: Reading, element: CstElement): string {
  const span = spanOf(reading, element);
  const word = /\S+\s*$/.exec(span.source.text.slice(span.start, span.end));
  return shownSpan({ ...span, start: span.start + (word?.index ?? 0) });
}

function startOf(element: CstElement): number {
  return isToken(element) ? element.startOffset : element.location!.startOffset;
}

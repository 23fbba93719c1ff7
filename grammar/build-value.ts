import type { CstElement, CstNode, IToken } from "./chevrotain.js";
import type { Apply, Argument, Expression, List, Name, Pipeline, Quantity, Stage, Text } from "./ast.js";
import { buildStage } from "./build-body.js";
import { buildAlias, buildName } from "./build-name.js";
import { after, child, childToken, inOrder, isNode, isToken, lastWord, matches, shown, shownSpan, spanOf, type Reading } from "./cst.js";
import { checkColon, reportArrow, reportSkipped, separated } from "./slips.js";
import { cover } from "./source.js";
import { token } from "./tokens.js";
import { unitOf } from "./units.js";

/** How many operators one expression may chain; see `maximumDepth`. */
export const maximumOperators = 32;

/** The value of a setting, argument or param; `previous` is what it was expected after. */
export function buildValue(reading: Reading, node: CstNode | undefined, previous: CstElement): Expression {
  if (node === undefined) return missingValue(reading, previous);
  const elements = inOrder(node);
  const first = buildSum(reading, child(node, "sum"), previous);
  if (elements.length === 1) return first;
  const alias = child(node, "alias");
  const stages = [...stagesOf(reading, first, alias && buildAlias(reading, alias))];
  elements.forEach((element, index) => {
    if (isNode(element, "stage")) stages.push(buildStage(reading, element));
    else if (matches(element, token.Arrow) && !isNode(elements[index + 1], "stage")) reportArrow(reading, element, "after");
  });
  return { kind: "pipeline", stages, span: spanOf(reading, node) } satisfies Pipeline;
}

/** What a value is when an arrow or `as` follows it: the first stages of a pipeline. */
function stagesOf(reading: Reading, value: Expression, as: Name | undefined): readonly Stage[] {
  const named = as === undefined ? {} : { as };
  const span = as === undefined ? value.span : cover(value.span, as.span);
  switch (value.kind) {
    case "word":
      return [{ kind: "apply", callee: { text: value.text, span: value.span }, arguments: [], ...named, span } satisfies Apply];
    case "call":
      return [{ kind: "apply", callee: value.callee, arguments: value.arguments, ...named, span } satisfies Apply];
    case "pipeline": {
      const last = value.stages.at(-1)!;
      return as === undefined ? value.stages : [...value.stages.slice(0, -1), { ...last, as, span: cover(last.span, as.span) }];
    }
    default:
      reading.report("not-a-stage", value.span, { found: shownSpan(value.span) });
      return [];
  }
}

/** A value without arrows: sums, products, signs and atoms. */
export function buildSum(reading: Reading, node: CstNode | undefined, previous: CstElement): Expression {
  return buildChain(reading, node, previous, (operand, before) =>
    buildChain(reading, operand, before, (signed, beforeSign) => buildSigned(reading, signed, beforeSign)),
  );
}

/** Operands joined by operators of one rank, from the left. */
function buildChain(
  reading: Reading,
  node: CstNode | undefined,
  previous: CstElement,
  buildOperand: (operand: CstNode | undefined, previous: CstElement) => Expression,
): Expression {
  if (node === undefined) return buildOperand(undefined, previous);
  const elements = inOrder(node);
  let left = buildOperand(elements[0] as CstNode, previous);
  const operators = elements.filter(isToken);
  for (const operator of operators.slice(0, maximumOperators)) {
    const next = elements[elements.indexOf(operator) + 1];
    const right = buildOperand(next === undefined || isToken(next) ? undefined : next, operator);
    const span = {
      source: reading.source,
      start: spanOf(reading, node).start,
      end: Math.max(spanOf(reading, next ?? operator).end, right.span.end),
    };
    left = { kind: "binary", operator: operator.image as "+" | "-" | "*" | "/", left, right, span };
  }
  const surplus = operators[maximumOperators];
  if (surplus !== undefined) reportDepth(reading, surplus);
  return left;
}

function buildSigned(reading: Reading, node: CstNode | undefined, previous: CstElement): Expression {
  if (node === undefined) return missingValue(reading, previous);
  const elements = inOrder(node);
  const signs = elements.filter(isToken);
  const atom = child(node, "atom");
  let operand = atom === undefined ? missingValue(reading, signs.at(-1)!) : buildAtom(reading, atom);
  const kept = signs.slice(0, maximumOperators);
  if (signs.length > kept.length) reportDepth(reading, signs[kept.length]!);
  for (const sign of kept.reverse()) {
    operand = { kind: "negate", operand, span: { ...spanOf(reading, node), start: sign.startOffset } };
  }
  return operand;
}

function reportDepth(reading: Reading, at: IToken): void {
  reading.report("nested-too-deeply", spanOf(reading, at), { limit: maximumOperators }, { help: "give parts of it a name with `param`" });
}

function buildAtom(reading: Reading, node: CstNode): Expression {
  const element = inOrder(node)[0]!;
  if (isToken(element)) return buildText(reading, element);
  switch (element.name) {
    case "quantity":
      return buildQuantity(reading, element);
    case "list":
      return buildList(reading, element);
    case "group":
      return buildGroup(reading, element);
    default:
      return buildWordOrCall(reading, element);
  }
}

function buildGroup(reading: Reading, node: CstNode): Expression {
  const skipped = child(node, "skipped");
  if (skipped) reportSkipped(reading, skipped, "`)`");
  return buildValue(reading, child(node, "value"), childToken(node, "OpenParen")!);
}

function buildWordOrCall(reading: Reading, node: CstNode): Expression {
  const callee = buildName(reading, childToken(node, "Name")!);
  const call = child(node, "call");
  if (call) return { kind: "call", callee, arguments: buildArguments(reading, call), span: spanOf(reading, node) };
  return gluedQuantity(reading, callee) ?? { kind: "word", text: callee.text, span: callee.span };
}

/** `14KiB` is a name; when its letters are a unit, the space was forgotten. */
function gluedQuantity(reading: Reading, { text, span }: Name): Quantity | undefined {
  const [, digits, letters] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? [];
  if (digits === undefined || letters === undefined || unitOf(letters) === undefined) return undefined;
  const meant = `${digits} ${letters}`;
  reading.report("unit-needs-space", span, { found: `\`${text}\``, meant: `\`${meant}\`` }, { fix: { span, text: meant } });
  const unit = { text: letters, span: { ...span, start: span.start + digits.length } };
  return { kind: "quantity", value: Number(digits), unit, span };
}

function buildQuantity(reading: Reading, node: CstNode): Quantity {
  const digits = childToken(node, "Number")!;
  const unit = childToken(node, "Percent") ?? childToken(node, "Identifier");
  const value = Number(digits.image);
  if (!Number.isFinite(value)) reading.report("number-out-of-range", spanOf(reading, digits), { number: shown(reading, digits) });
  return { kind: "quantity", value, ...(unit === undefined ? {} : { unit: buildName(reading, unit) }), span: spanOf(reading, node) };
}

const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n", t: "\t" };

/** A string without its quotes, whichever they are, and with its escapes resolved. */
export function buildText(reading: Reading, written: IToken): Text {
  const span = spanOf(reading, written);
  const isOpen = written.tokenType === token.OpenString;
  const inner = isOpen ? written.image.slice(1) : written.image.slice(1, -1);
  const value = inner.replace(/\\([^])/g, (escape, letter: string, offset: number) => {
    const resolved = escapes[letter];
    if (resolved !== undefined) return resolved;
    const place = { source: reading.source, start: span.start + 1 + offset, end: span.start + 1 + offset + 2 };
    reading.report("bad-escape", place, { escape: `\`${escape}\`` }, { help: "for a backslash write `\\\\`; paths are written with `/`" });
    return letter;
  });
  return { kind: "text", value, span };
}

/** `[64, 64]`, also the shape of `input`. */
export function buildList(reading: Reading, node: CstNode): List {
  const items = buildItems(reading, child(node, "items")).map((item) => {
    if (item.name !== undefined) reading.report("named-item", item.name.span, {});
    return item.value;
  });
  return { kind: "list", items, span: spanOf(reading, node) };
}

/** The arguments in `( )`. */
export function buildArguments(reading: Reading, node: CstNode): readonly Argument[] {
  return buildItems(reading, child(node, "items"));
}

function buildItems(reading: Reading, node: CstNode | undefined): readonly Argument[] {
  return separated(reading, inOrder(node), "`)`, `]` or `,`", { mayEndWithComma: true }).map((element) =>
    buildArgument(reading, element as CstNode),
  );
}

function buildArgument(reading: Reading, node: CstNode): Argument {
  const written = childToken(node, "Name");
  const assign = child(node, "assign");
  const value = buildValue(reading, child(node, "value"), assign ?? node);
  if (written === undefined || assign === undefined) return { value, span: spanOf(reading, node) };
  checkColon(reading, assign, written);
  return { name: buildName(reading, written), value, span: spanOf(reading, node) };
}

function missingValue(reading: Reading, previous: CstElement): Expression {
  const span = after(reading, previous);
  reading.report("missing-value", span, { after: lastWord(reading, previous) });
  return { kind: "word", text: "", span };
}

import { tokenMatcher, type CstElement, type CstNode, type IToken } from "./chevrotain.js";
import type { Apply, Body, Claim, Expression, Input, Pipeline, Repeat, Setting, Stage } from "./ast.js";
import { buildAlias, buildName, missingName } from "./build-name.js";
import { buildArguments, buildList, buildSum, buildValue } from "./build-value.js";
import { after, child, childToken, inOrder, isNode, isToken, lastWord, matches, shown, shownSpan, spanOf, type Reading } from "./cst.js";
import { checkColon, reportArrow, reportSkipped } from "./slips.js";
import { cover, spanText, type Span } from "./source.js";
import { token } from "./tokens.js";
import { unitOf } from "./units.js";

/** What a body may hold, and how messages call what it belongs to. */
export interface BodyRules {
  readonly owner: string;
  readonly pipeline: boolean;
  readonly claims: boolean;
}

/** The contents of a body of any declaration; `pipeline` is empty where none is allowed or none was written. */
export interface Contents {
  readonly span: Span;
  readonly settings: readonly Setting[];
  readonly claims: readonly Claim[];
  readonly pipeline: Pipeline;
}

/** Settings, then one pipeline: the body of a model, block or repeat. */
export function buildBody(reading: Reading, node: CstNode, owner: string): Body {
  const { span, settings, pipeline } = buildContents(reading, node, { owner, pipeline: true, claims: false });
  return { span, settings, pipeline };
}

/** Reads the body that ends the declaration or stage `node`. */
export function buildContents(reading: Reading, node: CstNode, rules: BodyRules): Contents {
  const ahead = child(node, "bodyAhead");
  const skipped = ahead && child(ahead, "skipped");
  if (skipped) reportSkipped(reading, skipped, "`{`");
  const body = ahead && child(ahead, "body");
  if (body === undefined) {
    const span = after(reading, node);
    reading.report("missing-body", span, { declaration: rules.owner }, { help: "write it in `{ }`" });
    return { span, settings: [], claims: [], pipeline: { kind: "pipeline", stages: [], span } };
  }
  return readItems(reading, body, rules);
}

/** What was read of a body so far; `joined` are the stages with an arrow on one of their sides. */
interface Draft {
  readonly settings: Setting[];
  readonly claims: Claim[];
  readonly stages: Stage[];
  readonly joined: Set<Stage>;
}

/** The items on both sides of one. */
interface Neighbours {
  readonly previous: CstElement | undefined;
  readonly next: CstElement | undefined;
}

function readItems(reading: Reading, body: CstNode, rules: BodyRules): Contents {
  const draft: Draft = { settings: [], claims: [], stages: [], joined: new Set() };
  const items = inOrder(body)
    .filter((each) => isNode(each, "item"))
    .map((item) => inOrder(item)[0]!);
  items.forEach((item, index) => readItem(reading, rules, draft, item, { previous: items[index - 1], next: items[index + 1] }));
  const { settings, claims, stages } = draft;
  const span = spanOf(reading, body);
  if (!rules.pipeline) reportOutside(reading, rules, draft);
  else {
    takeStageFromUnit(draft);
    if (stages.length === 0) reportMissingPipeline(reading, rules, span, settings);
  }
  const [first, last] = [stages[0], stages.at(-1)];
  const pipeline: Pipeline =
    rules.pipeline && first && last
      ? { kind: "pipeline", stages, span: cover(first.span, last.span) }
      : { kind: "pipeline", stages: [], span: { ...span, start: span.end } };
  return { span, settings, claims, pipeline };
}

function readItem(reading: Reading, rules: BodyRules, draft: Draft, item: CstElement, neighbours: Neighbours): void {
  if (isToken(item)) checkArrow(reading, item, neighbours);
  else if (isNode(item, "setting")) {
    const setting = buildSetting(reading, item);
    if (draft.stages.length > 0 && rules.pipeline) reportLateSetting(reading, setting, draft.stages);
    draft.settings.push(setting);
  } else if (isNode(item, "claim")) {
    const claim = buildClaim(reading, item);
    if (!rules.claims) reading.report("claim-outside", spanOf(reading, item), { declaration: rules.owner });
    else if (claim) draft.claims.push(claim);
  } else if (isNode(item, "stage")) readStage(reading, rules, draft, item, neighbours);
  else reportSkipped(reading, item, rules.pipeline ? "a setting or a stage" : rules.claims ? "a setting or a claim" : "a setting");
}

function readStage(reading: Reading, rules: BodyRules, draft: Draft, item: CstNode, { previous, next }: Neighbours): void {
  const stage = buildStage(reading, item);
  const isLoose = isNode(previous, "stage");
  const setting = isLoose ? settingWithoutColon(reading, rules, draft.stages, stage, next) : undefined;
  if (setting !== undefined) {
    draft.stages.pop();
    draft.settings.push(setting);
    return;
  }
  if (isLoose && rules.pipeline) reportMissingArrow(reading, previous, item);
  if (matches(previous, token.Arrow) || matches(next, token.Arrow)) draft.joined.add(stage);
  draft.stages.push(stage);
}

function checkArrow(reading: Reading, arrow: IToken, { previous, next }: Neighbours): void {
  const joins = (item: CstElement | undefined) => isNode(item, "stage") || isNode(item, "skipped");
  // Of several arrows in a row, those that another follows are too many.
  if (!joins(next)) reportArrow(reading, arrow, "after");
  else if (!joins(previous) && !matches(previous, token.Arrow)) reportArrow(reading, arrow, "before");
}

/**
 * `weights 4bitsym` reads as two stages without an arrow. When the first is a bare name on the same line, and no
 * pipeline has begun, it was a setting.
 */
function settingWithoutColon(
  reading: Reading,
  rules: BodyRules,
  stages: readonly Stage[],
  value: Stage,
  next: CstElement | undefined,
): Setting | undefined {
  const name = stages.at(-1);
  if (name?.kind !== "apply" || !isBare(name) || value.kind !== "apply" || value.as) return undefined;
  const gap = { ...name.span, start: name.span.end, end: value.span.start };
  if (spanText(gap).includes("\n")) return undefined;
  if (rules.pipeline && (stages.length > 1 || !isBare(value) || matches(next, token.Arrow))) return undefined;
  const colon = { ...gap, end: gap.start };
  reading.report("missing-colon", cover(name.span, value.span), { name: shownSpan(name.span) }, { fix: { span: colon, text: ":" } });
  return { kind: "setting", name: name.callee, value: valueOf(value), span: cover(name.span, value.span) };
}

function isBare(stage: Stage): boolean {
  return stage.kind === "apply" && stage.as === undefined && stage.callee.span.end === stage.span.end;
}

function valueOf(stage: Apply): Expression {
  if (isBare(stage)) return { kind: "word", text: stage.callee.text, span: stage.span };
  return { kind: "call", callee: stage.callee, arguments: stage.arguments, span: stage.span };
}

/** `kernel: 3 flatten }` reads `flatten` as a unit; when no other stage is there and no such unit exists, it is the stage. */
function takeStageFromUnit({ settings, stages }: Draft): void {
  const last = settings.at(-1);
  if (stages.length > 0 || last?.value.kind !== "quantity") return;
  const { unit, ...quantity } = last.value;
  if (unit === undefined || unitOf(unit.text) !== undefined) return;
  const end = quantity.span.start + spanText(quantity.span).search(/[^\w.+-]/);
  const value = { ...quantity, span: { ...quantity.span, end } };
  settings[settings.length - 1] = { ...last, value, span: { ...last.span, end } };
  stages.push({ kind: "apply", callee: unit, arguments: [], span: unit.span });
}

/** Stages where there is no pipeline: a word that stands alone was to be a setting, others are out of place. */
function reportOutside(reading: Reading, rules: BodyRules, { stages, joined }: Draft): void {
  const isAlone = (stage: Stage) => isBare(stage) && !joined.has(stage);
  for (const { span } of stages.filter(isAlone)) {
    reading.report("missing-token", after(reading, span), { expected: "`:` and a value", after: shownSpan(span) });
  }
  const [first, ...rest] = stages.filter((stage) => !isAlone(stage));
  if (first === undefined) return;
  const values = { declaration: rules.owner, other: rules.claims ? " and claims" : "" };
  reading.report("pipeline-outside", cover(first.span, (rest.at(-1) ?? first).span), values);
}

function reportMissingPipeline(reading: Reading, rules: BodyRules, span: Span, settings: readonly Setting[]): void {
  const swallowed = settings.find((setting) => setting.value.kind === "pipeline");
  const related = swallowed ? [{ span: swallowed.value.span, text: `this belongs to the setting \`${swallowed.name.text}\`` }] : [];
  reading.report("missing-pipeline", { ...span, end: span.start + 1 }, { declaration: rules.owner }, { related });
}

function reportLateSetting(reading: Reading, setting: Setting, stages: readonly Stage[]): void {
  reading.report(
    "settings-after-pipeline",
    setting.span,
    { name: `\`${setting.name.text}\`` },
    {
      related: [{ span: stages[0]!.span, text: "the pipeline begins here" }],
      help: "move it up, before the pipeline",
    },
  );
}

function reportMissingArrow(reading: Reading, previous: CstNode, stage: CstNode): void {
  const values = { left: lastWord(reading, previous), right: shown(reading, stage) };
  const start = { ...spanOf(reading, stage), end: spanOf(reading, stage).start };
  reading.report("missing-arrow", spanOf(reading, stage), values, { fix: { span: start, text: "-> " } });
}

function buildSetting(reading: Reading, node: CstNode): Setting {
  const written = childToken(node, "Name")!;
  const assign = child(node, "assign");
  const value = buildValue(reading, child(node, "value"), assign ?? written);
  if (assign) checkColon(reading, assign, written);
  else
    reading.report(
      "missing-colon",
      spanOf(reading, node),
      { name: shown(reading, written) },
      { fix: { span: after(reading, written), text: ":" } },
    );
  return { kind: "setting", name: buildName(reading, written), value, span: spanOf(reading, node) };
}

/** A claim; undefined when there is no comparison, because then nobody knows what it claims. */
function buildClaim(reading: Reading, node: CstNode): Claim | undefined {
  const required = childToken(node, "Require");
  const mode = required ?? childToken(node, "Expect")!;
  const word = required ? "require" : "expect";
  const written = child(node, "subject");
  const subject = buildSum(reading, written, mode);
  const sign = childToken(node, "Comparison");
  if (sign === undefined) {
    const place = child(node, "assign") ?? written ?? mode;
    const span = isToken(place) || place.name !== "assign" ? after(reading, place) : spanOf(reading, place);
    reading.report("missing-comparison", span, { mode: `\`${word}\`` }, { help: "`<=` bounds from above, `>=` from below" });
    return undefined;
  }
  const bound = buildSum(reading, child(node, "bound"), sign);
  return { kind: "claim", mode: word, subject, comparison: comparisonOf(sign), bound, span: spanOf(reading, node) };
}

function comparisonOf(sign: IToken): Claim["comparison"] {
  if (tokenMatcher(sign, token.AtMost)) return "<=";
  if (tokenMatcher(sign, token.AtLeast)) return ">=";
  return sign.image as Claim["comparison"];
}

/** One stage with its `as` name. */
export function buildStage(reading: Reading, node: CstNode): Stage {
  const alias = child(node, "alias");
  const as = alias ? { as: buildAlias(reading, alias) } : {};
  const span = spanOf(reading, node);
  const inner = inOrder(node)[0] as CstNode;
  if (isNode(inner, "repeat")) return { ...buildRepeat(reading, inner), ...as, span };
  if (isNode(inner, "inputType")) return { ...buildInput(reading, inner), ...as, span };
  const call = child(inner, "call");
  const callee = buildName(reading, childToken(inner, "Name")!);
  return { kind: "apply", callee, arguments: call ? buildArguments(reading, call) : [], ...as, span };
}

function buildRepeat(reading: Reading, node: CstNode): Repeat {
  const variable = childToken(node, "Name");
  const over = buildSum(reading, child(node, "sum"), childToken(node, "In") ?? childToken(node, "Repeat")!);
  const body = buildBody(reading, node, "this repeat");
  return { kind: "repeat", ...(variable ? { variable: buildName(reading, variable) } : {}), over, body, span: spanOf(reading, node) };
}

function buildInput(reading: Reading, node: CstNode): Input {
  const word = childToken(node, "Input")!;
  const written = childToken(node, "Name");
  const list = child(node, "list");
  const shape = list ? buildList(reading, list).items : [];
  const gap = after(reading, written ?? word);
  if (written === undefined) reading.report("missing-token", gap, { expected: "a type such as `i8`", after: "`input`" });
  else if (list === undefined)
    reading.report("missing-token", gap, { expected: "a shape such as `[16, 16]`", after: shown(reading, written) });
  return { kind: "input", element: written ? buildName(reading, written) : missingName(gap), shape, span: spanOf(reading, node) };
}

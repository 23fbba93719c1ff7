import type { Argument, Expression, Stage } from "./ast.js";
import { textWidth } from "./display.js";
import { flatArgument, flatExpression, flatStage, repeatHead } from "./flat.js";
import { formatBody } from "./format.js";
import { indentation, pageWidth, type Page } from "./page.js";
import { spanText, type Span } from "./source.js";

/** Columns of neighbouring lines are aligned when that takes at most this many spaces. */
const alignmentReach = 8;

/** Writes a value, on one line if it fits and holds no comments. */
export function formatValue(page: Page, value: Expression, indent: number): void {
  switch (value.kind) {
    case "pipeline":
      formatPipeline(page, value.stages, { indent: Math.max(indent, page.column() - 3), isBody: false });
      break;
    case "list":
      formatItems(page, ["[", "]"], value.items.map(itemOf), value.span, indent);
      break;
    case "call":
      page.write(value.callee.text);
      formatItems(page, ["(", ")"], value.arguments, { ...value.span, start: value.callee.span.end }, indent);
      break;
    default:
      page.write(flatExpression(value));
  }
}

function itemOf(value: Expression): Argument {
  return { value, span: value.span };
}

/** Items between brackets, on this line or each on its own; `span` ends with the closing bracket. */
function formatItems(page: Page, [open, close]: readonly [string, string], items: readonly Argument[], span: Span, indent: number): void {
  const flat = `${open}${items.map(flatArgument).join(", ")}${close}`;
  const fits = !page.hasCommentIn(span) && page.column() + textWidth(flat) < pageWidth;
  if (fits || items.length === 0) {
    page.write(flat);
    return;
  }
  const inner = indent + indentation;
  page.write(open);
  for (const { name, value, span: place } of items) {
    page.begin(place.start, { indent: inner, blank: "drop" });
    if (name !== undefined) page.write(`${name.text}: `);
    formatValue(page, value, inner);
    page.write(",");
  }
  page.begin(span.end - 1, { indent, commentIndent: inner, blank: "drop" });
  page.write(close);
}

export interface PipelinePlace {
  /** Where the arrows of continuation lines stand. */
  readonly indent: number;
  /** In a body, the first line has no arrow but the same indentation, and `input` has a line to itself. */
  readonly isBody: boolean;
}

/** Writes a pipeline from the current column on; line breaks before arrows are the writer's, unless lines get too long. */
export function formatPipeline(page: Page, stages: readonly Stage[], place: PipelinePlace): void {
  const lines = linesOf(page, stages, place);
  const widths = lines.map((line, index) =>
    line.map((stage, column) => textWidth(flatStage(stage)) + (place.isBody && index === 0 && column === 0 ? 0 : 3)),
  );
  const padding = alignment(page, lines, widths);
  const inner = place.isBody ? place.indent : place.indent + 3;
  lines.forEach((line, index) => {
    const above = lines[index - 1]?.at(-1);
    if (above) page.begin(page.find("->", above.span.end), { indent: place.indent });
    line.forEach((stage, column) => {
      if (index > 0 || column > 0) page.write("-> ");
      formatStage(page, stage, inner);
      if (column < line.length - 1) page.write(" ".repeat(padding[index]![column]! + 1));
    });
  });
}

/** Stages by line: broken where they were, after `input`, and before every arrow of a line that would be too long. */
function linesOf(page: Page, stages: readonly Stage[], { isBody, indent }: PipelinePlace): readonly (readonly Stage[])[] {
  const lines: Stage[][] = [];
  stages.forEach((stage, index) => {
    const previous = stages[index - 1];
    const isBroken = previous !== undefined && (isBreakBetween(page, previous, stage) || (isBody && previous.kind === "input"));
    if (previous === undefined || isBroken) lines.push([stage]);
    else lines.at(-1)!.push(stage);
  });
  return lines.flatMap((line, index) => {
    const start = index === 0 ? page.column() : indent + 3;
    return start + textWidth(line.map(flatStage).join(" -> ")) <= pageWidth ? [line] : line.map((stage) => [stage]);
  });
}

function isBreakBetween(page: Page, first: Stage, second: Stage): boolean {
  return spanText({ source: page.source, start: first.span.end, end: second.span.start }).includes("\n");
}

/** How many spaces each arrow is moved so that arrows of neighbouring lines with equally many stages stand below each other. */
function alignment(
  page: Page,
  lines: readonly (readonly Stage[])[],
  widths: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const padding = widths.map((line) => line.map(() => 0));
  for (let first = 0; first < lines.length;) {
    let end = first + 1;
    while (end < lines.length && canAlign(page, lines[end - 1]!, lines[end]!)) end++;
    for (let column = 0; column < lines[first]!.length - 1; column++) {
      const neighbours = widths.slice(first, end).map((line) => line[column]!);
      const widest = Math.max(...neighbours);
      if (widest - Math.min(...neighbours) > alignmentReach) break;
      for (let index = first; index < end; index++) padding[index]![column] = widest - widths[index]![column]!;
    }
    first = end;
  }
  return padding;
}

function canAlign(page: Page, above: readonly Stage[], below: readonly Stage[]): boolean {
  if (above.length !== below.length || above.length === 1) return false;
  const isFlat = [...above, ...below].every((stage) => canBeFlat(page, stage));
  return isFlat && !page.isParted(page.find("->", above.at(-1)!.span.end));
}

/** Writes a stage; what it holds in brackets stands further right than `indent`. */
function formatStage(page: Page, stage: Stage, indent: number): void {
  switch (stage.kind) {
    case "apply":
      page.write(stage.callee.text);
      if (stage.arguments.length > 0) formatItems(page, ["(", ")"], stage.arguments, bracketsOf(page, stage), indent);
      break;
    case "input":
      page.write(`input ${stage.element.text}`);
      formatItems(page, ["[", "]"], stage.shape.map(itemOf), bracketsOf(page, stage), indent);
      break;
    case "repeat": {
      const flat = flatStage(stage);
      if (canBeFlat(page, stage) && page.column() + textWidth(flat) <= pageWidth) {
        page.write(flat);
        return;
      }
      page.write(repeatHead(stage));
      formatBody(page, stage.body, indent);
      break;
    }
  }
  if (stage.as !== undefined) page.write(` as ${stage.as.text}`);
}

/** Whether nothing but its width keeps a stage from standing on one line. */
function canBeFlat(page: Page, stage: Stage): boolean {
  if (page.hasCommentIn(bracketsOf(page, stage))) return false;
  if (stage.kind !== "repeat") return true;
  const { settings, pipeline } = stage.body;
  const isOneLine = pipeline.stages.every((each, index) => index === 0 || !isBreakBetween(page, pipeline.stages[index - 1]!, each));
  return settings.length === 0 && isOneLine && pipeline.stages.every((each) => canBeFlat(page, each));
}

/** The part of a stage inside which comments have a place: its brackets, up to the closing one. */
function bracketsOf(page: Page, stage: Stage): Span {
  switch (stage.kind) {
    case "apply": {
      const { span } = stage.callee;
      const last = stage.arguments.at(-1);
      return { ...span, start: span.end, end: last === undefined ? span.end : page.find(")", last.span.end) + 1 };
    }
    case "input": {
      const { span } = stage.element;
      return { ...span, start: span.end, end: page.find("]", (stage.shape.at(-1) ?? stage.element).span.end) + 1 };
    }
    case "repeat":
      return { ...stage.span, end: stage.body.span.end };
  }
}

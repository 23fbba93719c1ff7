import type { Apply, Block, Body, Input, Model, Pipeline, Repeat, Setting } from "#grammar/ast.js";
import type { Span } from "#grammar/source.js";
import { catalog } from "../catalog/index.js";
import type { Network } from "../ir/network.js";
import type { SettingOrigin } from "../ir/module.js";
import { isInputElement, sizeOf } from "../ir/types.js";
import { bind, placeArguments } from "./bind.js";
import { evaluate, evaluateArguments, type Report, word } from "./evaluate.js";
import { lookUp, mostSteps, reportUnknown } from "./lookup.js";
import { problem } from "./messages.js";
import type { Found, Names } from "./names.js";
import { NetworkBuilder } from "./network-builder.js";
import { overrideScope, withoutOverridden } from "./overrides.js";
import { openScope, type Scope } from "./scope.js";
import { type ArgumentValue, describe, type Environment, extend, type Value } from "./value.js";

/** Where a stage is expanded. */
interface Place {
  readonly names: Names;
  readonly environment: Environment;
  readonly scope: Scope;
  /** The blocks and repeats around it, innermost first. */
  readonly through: readonly Span[];
  /** The blocks it is inside of, to notice a block that contains itself. */
  readonly blocks: readonly Block[];
}

/**
 * A model as a network: blocks and repeats expanded, settings cascaded, types inferred; `overriding` are set instead of
 * the model's own settings. Undefined when something is wrong.
 */
export function expandModel(
  { declaration: model, names }: Found<"model">,
  overriding: readonly Setting[],
  report: Report,
): { readonly network: Network; readonly settings: readonly SettingOrigin[] } | undefined {
  const builder = new NetworkBuilder(model.name.text, report);
  const outside = openScope(overrideScope, overriding, names.environment, report);
  const scope = openScope(
    `model ${model.name.text}`,
    withoutOverridden(model.body.settings, overriding),
    names.environment,
    report,
    outside,
  );
  const place = { names, environment: names.environment, scope, through: [], blocks: [] };
  const { stages } = model.body.pipeline;
  const [first, ...rest] = stages;
  if (first?.kind === "input") addInput(first, place, builder, report);
  else reportMissingInput(model, report);
  for (const stage of first?.kind === "input" ? rest : stages) expandStage(stage, place, builder, report);
  return builder.finish(model);
}

function expandStage(stage: Pipeline["stages"][number], place: Place, builder: NetworkBuilder, report: Report): void {
  if (builder.isFull(stage.span)) return;
  switch (stage.kind) {
    case "input":
      return report(problem("misplaced-input", stage.span, {}));
    case "repeat":
      return expandRepeat(stage, place, builder, report);
    case "apply": {
      const block = place.names.find("block", stage.callee.text);
      return block === undefined ? addLayer(stage, place, builder, report) : expandBlock(block, stage, place, builder, report);
    }
  }
}

function expandBody(body: Body, place: Place, builder: NetworkBuilder, report: Report): void {
  for (const stage of body.pipeline.stages) expandStage(stage, place, builder, report);
}

/** The largest extent of an axis; far above any microcontroller, far below overflow. */
const mostExtent = 65_536;

function addInput({ element, shape, as, span }: Input, { environment }: Place, builder: NetworkBuilder, report: Report): void {
  if (!isInputElement(element.text)) {
    report(
      problem("unknown-element", element.span, { name: element.text }, { fix: { span: element.span, text: nearestElement(element.text) } }),
    );
    return;
  }
  const extents = shape.map((expression) => {
    const value = evaluate(expression, environment, report);
    if (value.kind === "number" && Number.isInteger(value.value) && value.value >= 1 && value.value <= mostExtent) return value.value;
    if (value.kind !== "unknown") report(problem("bad-shape", value.span, { most: mostExtent, found: describe(value) }));
    return undefined;
  });
  if (extents.includes(undefined)) return;
  if (sizeOf(extents as number[]) > mostExtent) {
    report(problem("bad-shape", span, { most: mostExtent, found: `${extents.join(" x ")} values in all` }));
    return;
  }
  builder.input({ element: element.text, shape: extents as number[] }, as, span);
}

/** An element that inputs may have, like the one of that name: `u7` for `u8`, whose upper half no signed byte has room for. */
function nearestElement(name: string): string {
  const [, sign, bits] = /^([ui])\D*(?:\dof)?(\d+)$/.exec(name) ?? ["", "i", "8"];
  return `${sign}${Math.max(1, Math.min(Number(bits), sign === "u" ? 7 : 8))}`;
}

/** The layers that a model may name. */
const writtenLayers = (): readonly string[] => Object.values(catalog.layers).flatMap(({ name, implied }) => (implied ? [] : [name]));

function addLayer({ callee, arguments: written, as, span }: Apply, place: Place, builder: NetworkBuilder, report: Report): void {
  const given = evaluateArguments(written, place.environment, report);
  const blocks = place.names.known("block");
  const known = Object.hasOwn(catalog.layers, callee.text) && catalog.layers[callee.text]!.implied === undefined;
  if (!known) {
    reportUnknown("unknown-layer", "layer", callee.text, callee.span, [...writtenLayers(), ...blocks], report);
    return builder.lost();
  }
  const definition = lookUp("layers", word(callee), report) as (typeof catalog.layers)[string];
  const taker = { name: `\`${callee.text}\``, span: callee.span };
  const attributes = bind(definition.parameters, given, taker, report, place.scope);
  if (attributes === undefined) return builder.lost();
  builder.layer({ definition, attributes, given, scope: place.scope, as, callee: callee.span, origin: [span, ...place.through] });
}

function expandRepeat(repeat: Repeat, place: Place, builder: NetworkBuilder, report: Report): void {
  const over = evaluate(repeat.over, place.environment, report);
  const rounds = roundsOf(repeat, over, report);
  if (rounds === undefined) return builder.lost();
  for (const round of rounds) {
    if (builder.isFull(repeat.span)) return;
    const bound = repeat.variable === undefined ? new Map<string, Value>() : new Map([[repeat.variable.text, round]]);
    const environment = extend(place.environment, bound);
    const scope = openScope("repeat", repeat.body.settings, environment, report, place.scope);
    expandBody(repeat.body, { ...place, environment, scope, through: [repeat.span, ...place.through] }, builder, report);
  }
  if (repeat.as !== undefined) builder.alias(repeat.as);
}

/** What each round of a repeat runs with; a large count is cut off by the limit on layers. */
function roundsOf({ variable }: Repeat, over: Value, report: Report): readonly Value[] | undefined {
  if (over.kind === "unknown") return undefined;
  if (variable !== undefined && over.kind === "list") return over.items;
  const counts = variable === undefined && over.kind === "number" && Number.isInteger(over.value) && over.value >= 0;
  if (counts) return Array.from({ length: Math.min(over.value, NetworkBuilder.mostLayers + 1) }, () => over);
  const expected = variable === undefined ? "a whole number" : "a list to run through";
  report(problem("bad-repeat", over.span, { expected, found: describe(over) }));
  return undefined;
}

function expandBlock(found: Found<"block">, applied: Apply, place: Place, builder: NetworkBuilder, report: Report): void {
  const { declaration: block, names } = found;
  if (place.blocks.includes(block)) {
    report(
      problem(
        "recursive-block",
        applied.callee.span,
        { name: block.name.text },
        { related: [{ span: block.name.span, text: "declared here" }] },
      ),
    );
    return builder.lost();
  }
  if (place.blocks.length === mostSteps) {
    report(problem("too-many-steps", applied.callee.span, { name: block.name.text, limit: mostSteps }));
    return builder.lost();
  }
  const given = evaluateArguments(applied.arguments, place.environment, report);
  const bound = bindBlock(block, given, applied, report);
  if (bound === undefined) return builder.lost();
  const environment = extend(names.environment, bound);
  const scope = openScope(`block ${block.name.text}`, block.body.settings, environment, report, place.scope);
  const through = [applied.span, ...place.through];
  expandBody(block.body, { names, environment, scope, through, blocks: [block, ...place.blocks] }, builder, report);
  if (applied.as !== undefined) builder.alias(applied.as);
}

/** The values of a block's parameters; all must be given. */
function bindBlock(
  block: Block,
  given: readonly ArgumentValue[],
  { callee }: Apply,
  report: Report,
): ReadonlyMap<string, Value> | undefined {
  const placed = placeArguments(
    block.parameters.map(({ text }) => text),
    given,
    { name: `\`${callee.text}\``, span: callee.span },
    report,
  );
  const missing = placed && block.parameters.find(({ text }) => !placed.has(text));
  if (missing === undefined) return placed;
  report(
    problem(
      "missing-argument",
      callee.span,
      { callee: `block \`${block.name.text}\``, name: missing.text },
      {
        related: [{ span: missing.span, text: "declared here" }],
      },
    ),
  );
  return undefined;
}

function reportMissingInput({ name }: Model, report: Report): void {
  report(
    problem(
      "missing-input",
      name.span,
      { model: `model \`${name.text}\`` },
      { help: "start its pipeline with, for example, `input i8[16, 16]`" },
    ),
  );
}

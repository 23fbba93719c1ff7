import type { Argument, Body, Claim, Declaration, Expression, File, Name, Setting, Stage } from "./ast.js";
import { positionAt, type Span } from "./source.js";

export interface PrintOptions {
  /** Whether every line begins with the place it was written at, as `start..end` in lines and columns. */
  readonly places: boolean;
}

interface Line {
  readonly depth: number;
  readonly span?: Span;
  readonly text: string;
}

/** The tree for a reader of tests: a line for every declaration, setting, stage and claim; expressions in prefix notation. */
export function printFile(file: File, options: PrintOptions): string {
  const lines: Line[] = [
    ...docLines(file.doc, 0),
    ...file.declarations.flatMap(declarationLines),
    ...file.comments.map(({ span, doc, text }) => ({ depth: 0, span, text: `${doc ? "doc" : "comment"} ${JSON.stringify(text)}` })),
  ];
  const places = lines.map(({ span }) => (span === undefined ? "" : place(span)));
  const margin = Math.max(0, ...places.map((each) => each.length));
  return lines
    .map(({ depth, text }, index) => `${options.places ? `${places[index]!.padEnd(margin)}  ` : ""}${"  ".repeat(depth)}${text}\n`)
    .join("");
}

/** `fc_mnist`; a name that recovery had to invent is `<missing>`. */
function nameText({ text }: Name): string {
  return text === "" ? "<missing>" : text;
}

function place({ source, start, end }: Span): string {
  const [first, last] = [positionAt(source, start), positionAt(source, end)];
  return `${first.line}:${first.column}..${last.line}:${last.column}`;
}

function docLines(doc: string, depth: number): readonly Line[] {
  return doc === "" ? [] : doc.split("\n").map((text) => ({ depth, text: `/// ${text}`.trimEnd() }));
}

function declarationLines(declaration: Declaration): readonly Line[] {
  const head = { depth: 0, span: declaration.span, text: headText(declaration) };
  return [...docLines(declaration.doc, 0), head, ...contentLines(declaration)];
}

function headText(declaration: Declaration): string {
  switch (declaration.kind) {
    case "use":
      return `use ${declaration.names.map(nameText).join(" ")} from ${expressionText(declaration.path)}`;
    case "param":
      return `param ${nameText(declaration.name)} = ${expressionText(declaration.value)}`;
    case "block":
      return `block ${[declaration.name, ...declaration.parameters].map(nameText).join(" ")}`;
    case "dataset":
    case "model":
      return `${declaration.kind} ${nameText(declaration.name)}`;
    case "train":
      return `train ${nameText(declaration.model)} on ${nameText(declaration.dataset)}`;
    case "deploy":
      return `deploy ${nameText(declaration.model)} to ${declaration.targets.map(nameText).join(" ")}`;
  }
}

function contentLines(declaration: Declaration): readonly Line[] {
  switch (declaration.kind) {
    case "use":
    case "param":
      return [];
    case "block":
    case "model":
      return bodyLines(declaration.body, 1);
    case "dataset":
      return declaration.settings.map((each) => settingLine(each, 1));
    case "train":
    case "deploy":
      return [...declaration.settings.map((each) => settingLine(each, 1)), ...declaration.claims.map((each) => claimLine(each, 1))];
  }
}

function bodyLines(body: Body, depth: number): readonly Line[] {
  return [...body.settings.map((each) => settingLine(each, depth)), ...body.pipeline.stages.flatMap((each) => stageLines(each, depth))];
}

function settingLine({ name, value, span }: Setting, depth: number): Line {
  return { depth, span, text: `${nameText(name)}: ${expressionText(value)}` };
}

function claimLine({ mode, subject, comparison, bound, span }: Claim, depth: number): Line {
  return { depth, span, text: `${mode} ${expressionText(subject)} ${comparison} ${expressionText(bound)}` };
}

function stageLines(stage: Stage, depth: number): readonly Line[] {
  const head = { depth, span: stage.span, text: `-> ${stageText(stage)}` };
  return stage.kind === "repeat" ? [head, ...bodyLines(stage.body, depth + 1)] : [head];
}

/** A stage on one line; of a repeat only the head. */
function stageText(stage: Stage): string {
  const as = stage.as === undefined ? "" : ` as ${nameText(stage.as)}`;
  switch (stage.kind) {
    case "apply":
      return `${[nameText(stage.callee), ...stage.arguments.map(argumentText)].join(" ")}${as}`;
    case "input":
      return `input ${nameText(stage.element)} [${stage.shape.map(expressionText).join(" ")}]${as}`;
    case "repeat": {
      const variable = stage.variable === undefined ? "" : `${nameText(stage.variable)} in `;
      return `repeat ${variable}${expressionText(stage.over)}${as}`;
    }
  }
}

function argumentText({ name, value }: Argument): string {
  return `${name === undefined ? "" : `${nameText(name)}: `}${expressionText(value)}`;
}

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "quantity":
      return expression.unit === undefined ? String(expression.value) : `${expression.value} ${expression.unit.text}`;
    case "text":
      return JSON.stringify(expression.value);
    case "word":
      return nameText(expression);
    case "list":
      return `[${expression.items.map(expressionText).join(" ")}]`;
    case "call":
      return `(${[nameText(expression.callee), ...expression.arguments.map(argumentText)].join(" ")})`;
    case "binary":
      return `(${expression.operator} ${expressionText(expression.left)} ${expressionText(expression.right)})`;
    case "negate":
      return `(- ${expressionText(expression.operand)})`;
    case "pipeline":
      return `(-> ${expression.stages.map(inlineStage).join(" | ")})`;
  }
}

function inlineStage(stage: Stage): string {
  if (stage.kind !== "repeat") return stageText(stage);
  const settings = stage.body.settings.map(({ name, value }) => `${nameText(name)}: ${expressionText(value)}`);
  return `${stageText(stage)} {${[...settings, ...stage.body.pipeline.stages.map(inlineStage)].join(" | ")}}`;
}

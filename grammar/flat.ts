import type { Argument, Expression, Quantity, Setting, Stage } from "./ast.js";
import { spanText } from "./source.js";
import { tokenTable } from "./tokens.js";

/** How tightly an expression holds together; a part that is looser than its place needs parentheses. */
export const rank = { pipeline: 0, sum: 1, product: 2, sign: 3, atom: 4 } as const;

/** An expression on one line. */
export function flatExpression(expression: Expression, atLeast: number = rank.pipeline): string {
  const text = flatInside(expression);
  return rankOf(expression) < atLeast ? `(${text})` : text;
}

export function flatArgument({ name, value }: Argument): string {
  return `${name === undefined ? "" : `${name.text}: `}${flatExpression(value)}`;
}

/** A stage on one line. */
export function flatStage(stage: Stage): string {
  const as = stage.as === undefined ? "" : ` as ${stage.as.text}`;
  switch (stage.kind) {
    case "apply":
      return `${stage.callee.text}${stage.arguments.length === 0 ? "" : `(${stage.arguments.map(flatArgument).join(", ")})`}${as}`;
    case "input":
      return `input ${stage.element.text}[${stage.shape.map((size) => flatExpression(size)).join(", ")}]${as}`;
    case "repeat":
      return `${repeatHead(stage)} { ${[...stage.body.settings.map(flatSetting), flatStages(stage.body.pipeline.stages)].join(" ")} }${as}`;
  }
}

export function flatStages(stages: readonly Stage[]): string {
  return stages.map(flatStage).join(" -> ");
}

/** A setting before others on a line; parentheses keep a number from taking the next word for its unit. */
function flatSetting({ name, value }: Setting): string {
  const text = flatExpression(value);
  return `${name.text}: ${/\d$/.test(text) ? `(${text})` : text}`;
}

/** `repeat width in hidden` */
export function repeatHead({ variable, over }: Extract<Stage, { kind: "repeat" }>): string {
  return `repeat ${variable === undefined ? "" : `${variable.text} in `}${flatExpression(over, rank.sum)}`;
}

function flatInside(expression: Expression): string {
  switch (expression.kind) {
    case "quantity":
      return flatQuantity(expression);
    case "text":
      return spanText(expression.span);
    case "word":
      return expression.text;
    case "list":
      return `[${expression.items.map((item) => flatExpression(item)).join(", ")}]`;
    case "call":
      return `${expression.callee.text}(${expression.arguments.map(flatArgument).join(", ")})`;
    case "binary": {
      const own = rankOf(expression);
      return `${flatExpression(expression.left, own)} ${expression.operator} ${flatExpression(expression.right, own + 1)}`;
    }
    case "negate":
      return `-${flatExpression(expression.operand, rank.sign)}`;
    case "pipeline":
      return flatStages(expression.stages);
  }
}

const number = new RegExp(`^(?:${tokenTable.Number.pattern.source})`);

/** The number as it was written, since `0.10` may say more than `0.1`. */
function flatQuantity({ value, unit, span }: Quantity): string {
  const digits = number.exec(spanText(span))?.[0] ?? String(value);
  if (unit === undefined) return digits;
  return unit.text === "%" ? `${digits}%` : `${digits} ${unit.text}`;
}

function rankOf(expression: Expression): number {
  switch (expression.kind) {
    case "pipeline":
      return rank.pipeline;
    case "binary":
      return expression.operator === "+" || expression.operator === "-" ? rank.sum : rank.product;
    case "negate":
      return rank.sign;
    default:
      return rank.atom;
  }
}

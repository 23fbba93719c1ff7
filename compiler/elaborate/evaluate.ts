import type { Argument, Binary, Call, Expression, Name, Negate, Pipeline, Quantity, Stage } from "#grammar/ast.js";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { suggestUnit, unitOf } from "#grammar/units.js";
import { problem } from "./messages.js";
import {
  type ArgumentValue,
  at,
  type CallValue,
  type ChainValue,
  describe,
  type Environment,
  type NumberValue,
  type Value,
  type WordValue,
} from "./value.js";

/** Receives what was found wrong. */
export type Report = (diagnostic: Diagnostic) => void;

/** Computes an expression; a name that the environment lacks stands for itself, as a word of the language. */
export function evaluate(expression: Expression, environment: Environment, report: Report): Value {
  const { span } = expression;
  const inner = (part: Expression): Value => evaluate(part, environment, report);
  switch (expression.kind) {
    case "quantity":
      return quantity(expression, report);
    case "text":
      return { kind: "text", value: expression.value, span };
    case "word": {
      const bound = environment.get(expression.text);
      return bound === undefined ? { kind: "word", value: expression.text, span } : at(bound, span);
    }
    case "list":
      return { kind: "list", items: expression.items.map(inner), span };
    case "call":
      return call(expression, environment, report);
    case "binary":
      return binary(expression, inner(expression.left), inner(expression.right), report);
    case "negate":
      return negate(expression, inner(expression.operand), report);
    case "pipeline":
      return chain(expression, environment, report);
  }
}

/** The arguments of a call, computed. */
export function evaluateArguments(list: readonly Argument[], environment: Environment, report: Report): readonly ArgumentValue[] {
  return list.map(({ name, value }) => {
    const computed = evaluate(value, environment, report);
    return name === undefined ? { value: computed } : { name, value: computed };
  });
}

export const word = ({ text, span }: Name): WordValue => ({ kind: "word", value: text, span });

function quantity({ value, unit, span }: Quantity, report: Report): Value {
  if (unit === undefined) return { kind: "number", value, dimension: "none", span };
  const known = unitOf(unit.text);
  if (known !== undefined) return { kind: "number", value: scaled(value, known.factor), dimension: known.dimension, span };
  const meant = suggestUnit(unit.text);
  report(
    problem(
      "unknown-unit",
      unit.span,
      { unit: unit.text },
      meant === undefined
        ? {}
        : {
            label: `did you mean \`${meant}\`?`,
            fix: { span: unit.span, text: meant },
          },
    ),
  );
  return { kind: "unknown", span };
}

/** 10% is 0.1 and not 0.1 plus a rounding error: division by a whole number is exact where multiplication is not. */
const scaled = (value: number, factor: number): number => (factor < 1 ? value / Math.round(1 / factor) : value * factor);

function call({ callee, arguments: list, span }: Call, environment: Environment, report: Report): CallValue {
  return { kind: "call", callee: word(callee), arguments: evaluateArguments(list, environment, report), span };
}

function chain({ stages, span }: Pipeline, environment: Environment, report: Report): Value {
  const links: (CallValue | WordValue)[] = [];
  for (const stage of stages) {
    const link = chainLink(stage, environment, report);
    if (link === undefined) return { kind: "unknown", span };
    links.push(link);
  }
  return { kind: "chain", links, span } satisfies ChainValue;
}

function chainLink(stage: Stage, environment: Environment, report: Report): CallValue | WordValue | undefined {
  if (stage.kind === "apply") {
    if (stage.arguments.length === 0) return word(stage.callee);
    return {
      kind: "call",
      callee: word(stage.callee),
      arguments: evaluateArguments(stage.arguments, environment, report),
      span: stage.span,
    };
  }
  report(problem("wrong-value", stage.span, { name: "chain", expected: "made of calls", found: `\`${stage.kind}\`` }));
  return undefined;
}

function negate({ span }: Negate, operand: Value, report: Report): Value {
  if (operand.kind === "number") return { ...operand, value: -operand.value, span };
  if (operand.kind !== "unknown") report(problem("not-a-number", operand.span, { operator: "-", found: describe(operand) }));
  return { kind: "unknown", span };
}

function binary({ operator, span }: Binary, left: Value, right: Value, report: Report): Value {
  for (const side of [left, right]) {
    if (side.kind !== "number" && side.kind !== "unknown") report(problem("not-a-number", side.span, { operator, found: describe(side) }));
  }
  if (left.kind !== "number" || right.kind !== "number") return { kind: "unknown", span };
  const dimension = dimensionOf(operator, left, right);
  if (dimension === undefined) {
    report(problem("mixed-units", span, { left: describe(left), operator, right: describe(right) }));
    return { kind: "unknown", span };
  }
  if (operator === "/" && right.value === 0) {
    report(problem("division-by-zero", right.span, {}));
    return { kind: "unknown", span };
  }
  return { kind: "number", value: compute(operator, left.value, right.value), dimension, span };
}

function dimensionOf(operator: Binary["operator"], left: NumberValue, right: NumberValue): NumberValue["dimension"] | undefined {
  const [a, b] = [left.dimension, right.dimension];
  if (operator === "+" || operator === "-") return a === b ? a : undefined;
  if (b === "none") return a;
  if (operator === "*" && a === "none") return b;
  return operator === "/" && a === b ? "none" : undefined;
}

function compute(operator: Binary["operator"], left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

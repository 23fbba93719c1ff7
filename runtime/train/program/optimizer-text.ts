import type { Arithmetic } from "#compiler/catalog/training.js";
import { optimizerOf, type Stepping } from "../averaging.js";
import { call, type Expression, infix, leaf, named, type Statements, statementsOf } from "./expression.js";

const arithmetic: Arithmetic<Expression> = {
  add: (left, right) => infix("sum", "+", left, right),
  subtract: (left, right) => infix("difference", "-", left, right),
  multiply: (left, right) => (isOne(right) ? left : infix("product", "*", left, right)),
  divide: (left, right) => infix("quotient", "/", left, right),
  squareRoot: (value) => call("root", ([text]) => `Math.sqrt(${text})`, [value]),
  within: (value, low, high) => call("inside", ([text]) => `Number(${text} >= ${low} && ${text} <= ${high})`, [value]),
};

const isOne = ({ operands, write }: Expression): boolean => operands.length === 0 && write([]) === "1";

/**
 * What becomes of the weight `i` of a layer: statements, then the weight and what is remembered of it. Constants that
 * change from step to step are there by their names, others as numbers.
 */
export function optimizerText(stepping: Stepping): Statements {
  const { slots, constants, update } = optimizerOf(stepping);
  const { arguments: settings } = stepping.optimizer;
  const [one, other] = [constants(settings, 0.25, 1), constants(settings, 0.5, 3)];
  const texts = Object.entries(one).map(([key, value]) => [key, leaf(value === other[key] ? String(value) : key)]);
  const memory = Array.from({ length: slots }, (_, k) => leaf(`memory[${k}][i]`));
  const next = update(
    arithmetic,
    { weight: leaf("weights[i]"), slots: memory },
    leaf("slope"),
    Object.fromEntries(texts) as Record<string, Expression>,
  );
  // What is remembered may be computed from each other, and the weight from that: the same expression gets one name.
  const known = new Map<Expression, Expression>();
  const nameIt = (name: string, expression: Expression): void => void known.set(expression, named(name, replace(expression, known)));
  const ownSlots = stepping.average > 0 ? slots - 1 : slots;
  next.slots.slice(0, ownSlots).forEach((slot, k) => nameIt(`memory${k}`, slot));
  if (ownSlots < slots) nameIt("weight", next.weight);
  next.slots.slice(ownSlots).forEach((mean) => nameIt("mean", mean));
  return statementsOf([replace(next.weight, known), ...next.slots.map((slot) => known.get(slot)!)], ["weights", "memory", "slope", "i"]);
}

/** The same expression with some parts exchanged; parts that were one stay one. */
function replace(expression: Expression, exchanged: Map<Expression, Expression>): Expression {
  const known = exchanged.get(expression);
  if (known !== undefined) return known;
  const made =
    expression.operands.length === 0
      ? expression
      : { ...expression, operands: expression.operands.map((operand) => replace(operand, exchanged)) };
  exchanged.set(expression, made);
  return made;
}

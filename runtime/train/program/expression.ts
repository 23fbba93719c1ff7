/** An operation in the text of a program: what layers, norms and optimizers do on these becomes their code. */
export interface Expression {
  /** What a constant that holds it is called, before its number; a layer's sums have the layer's name. */
  readonly noun: string;
  readonly operands: readonly Expression[];
  readonly write: (operands: readonly string[]) => string;
  /** How tightly it holds together, as operators do: an operand below `needs` is put in parentheses. */
  readonly binding: number;
  readonly needs: readonly number[];
}

const ATOM = 9;

/** A name or a number. */
export const leaf = (text: string): Expression => ({ noun: "", operands: [], write: () => text, binding: ATOM, needs: [] });

/** `name(a, b, 1)`. */
export const call = (noun: string, write: Expression["write"], operands: readonly Expression[]): Expression => ({
  noun,
  operands,
  write,
  binding: ATOM,
  needs: operands.map(() => 0),
});

/** `name(a, b)`. */
export const invocation = (noun: string, name: string, ...operands: readonly Expression[]): Expression =>
  call(noun, (texts) => `${name}(${texts.join(", ")})`, operands);

/** `name(a, b, rest)`: what is no tensor comes after the others. */
export const withArguments = (noun: string, name: string, rest: string, ...operands: readonly Expression[]): Expression =>
  call(noun, (texts) => `${name}(${texts.join(", ")}, ${rest})`, operands);

/** `a + b`; the right operand of those that are not associative binds more tightly. */
export const infix = (noun: string, operator: "+" | "-" | "*" | "/", left: Expression, right: Expression): Expression => {
  const binding = operator === "*" || operator === "/" ? 2 : 1;
  const tighter = operator === "-" || operator === "/" ? binding + 1 : binding;
  return { noun, operands: [left, right], write: ([a, b]) => `${a} ${operator} ${b}`, binding, needs: [binding, tighter] };
};

/** Code that computes some values: a constant for whatever is used twice, in order, and a text for each value. */
export interface Statements {
  readonly lines: readonly string[];
  readonly results: readonly string[];
}

/** Writes expressions as statements; `taken` are names that mean something else there. */
export function statementsOf(results: readonly Expression[], taken: readonly string[] = []): Statements {
  const uses = countUses(results);
  const names = new Map<Expression, string>();
  const used = new Set(taken);
  const lines: string[] = [];
  const textOf = (expression: Expression, needed: number): string => {
    const name = names.get(expression);
    if (name !== undefined) return name;
    const text = expression.write(expression.operands.map((operand, i) => textOf(operand, expression.needs[i]!)));
    if (expression.operands.length > 0 && (uses.get(expression)! > 1 || isProper(expression))) {
      const given = nameFor(expression, used);
      names.set(expression, given);
      lines.push(`const ${given} = ${text};`);
      return given;
    }
    return expression.binding < needed ? `(${text})` : text;
  };
  return { results: results.map((result) => textOf(result, 0)), lines };
}

/** Marked by `named`: a constant holds it even if it is used once. */
const isProper = ({ noun }: Expression): boolean => noun.startsWith("=");

function nameFor({ noun }: Expression, used: Set<string>): string {
  const base = noun.replace(/^=/, "");
  let name = base;
  for (let count = 2; used.has(name); count++) name = `${base}${count}`;
  used.add(name);
  return name;
}

/** Names an expression for good: a constant of this name will hold it. */
export const named = (name: string, expression: Expression): Expression => ({ ...expression, noun: `=${name}` });

function countUses(results: readonly Expression[]): ReadonlyMap<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (expression: Expression): void => {
    const before = uses.get(expression) ?? 0;
    uses.set(expression, before + 1);
    if (before === 0) expression.operands.forEach(visit);
  };
  results.forEach(visit);
  return uses;
}

import type { COperand } from "./operands.js";

/** What a compiler may choose for operands that are registers: any, or those that short instructions reach. */
export type RegisterClass = "r" | "l";

const constraintsOf = (registers: RegisterClass) =>
  ({ inout: `+&${registers}`, out: `=&${registers}`, in: registers, "memory-inout": "+m", "memory-in": "m" }) as const;

interface Extended {
  readonly operands: Readonly<Record<string, COperand>>;
  readonly registers: RegisterClass;
  /** Inputs besides operands, as C. */
  readonly inputs?: readonly string[];
  /** What changes besides operands; undefined where the statement names no clobbers at all. */
  readonly clobbers?: readonly string[];
}

/** Lines of assembly, each a string of C, as a statement: the body of a naked function, or extended assembly. */
export function asmStatement(body: string, extended?: Extended): string {
  if (extended === undefined) return `__asm__(\n${body}\n);`;
  const { operands, registers, inputs = [], clobbers } = extended;
  const constraints = constraintsOf(registers);
  const written = (reads: boolean): readonly string[] =>
    Object.entries(operands)
      .filter(([, { kind }]) => (kind === "in" || kind === "memory-in") === reads)
      .map(([name, { kind, expression, pinned }]) =>
        pinned ? `"+${registers}"(${expression})` : `[${name}] "${constraints[kind]}"(${expression})`,
      );
  const lists = [written(false), [...written(true), ...inputs], ...(clobbers === undefined ? [] : [clobbers.map((name) => `"${name}"`)])];
  return `__asm__ volatile(\n${body}\n${lists.map((list) => `    : ${list.join(", ")}`.trimEnd()).join("\n")});`;
}

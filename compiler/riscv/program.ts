import type { Mnemonic } from "./operations.js";
import type { Operands } from "./operands.js";
import type { Register, RegisterName } from "./registers.js";

/** A place among the lines: put where it is, and given to the branches that go there. Each call makes another one. */
export interface Label {
  readonly kind: "label";
}

export const label = (): Label => ({ kind: "label" });

/** A C function or table, by the role in which the program calls it; `part` is one that its template makes beside it. */
export interface CSymbol {
  readonly kind: "symbol";
  /** Undefined is the function itself. */
  readonly routine?: string;
  readonly part?: string;
}

export const symbol = (routine: string, part?: string): CSymbol => ({ kind: "symbol", routine, ...(part === undefined ? {} : { part }) });

/** What the function's own template makes beside it. */
export const ownPart = (part: string): CSymbol => ({ kind: "symbol", part });

/** A label as lines of a finished program name it: by its number, and whether it comes behind them. */
export interface Place {
  readonly kind: "place";
  readonly label: number;
  readonly forward: boolean;
}

export type Target = Label | CSymbol | Place;

/** The upper 20 or the lower 12 bits of an address, for `lui` and for the instruction that adds the rest. */
export interface Half {
  readonly kind: "hi" | "lo";
  readonly of: Target;
  readonly plus: number;
}

export const hi = (of: Target, plus = 0): Half => ({ kind: "hi", of, plus });
export const lo = (of: Target, plus = 0): Half => ({ kind: "lo", of, plus });

export type Immediate = number | Half;

/** Memory at so many bytes from a register; in extended assembly also a C expression. */
export type Address =
  { readonly kind: "address"; readonly base: Register; readonly offset: Immediate } | { readonly kind: "memory"; readonly name: string };

export const at = (base: Register, offset: Immediate = 0): Address => ({ kind: "address", base, offset });

export type Operand = Register | Immediate | Address | Target;

/** An instruction of the core; its immediate may be the place that a branch goes to. */
export interface Machine {
  readonly mnemonic: Mnemonic;
  readonly rd?: Register;
  readonly rs1?: Register;
  readonly rs2?: Register;
  readonly immediate?: Immediate | Target;
}

/** A number, or the bytes between two places. */
export type Datum = number | { readonly kind: "distance"; readonly from: Target; readonly to: Target };

interface Noted {
  /** What stands beside the line. */
  readonly note?: string | undefined;
}

export type Line =
  /** As it is spelled, and the instructions that this stands for: two for an address or a long constant. */
  | ({ readonly kind: "instruction"; readonly spelled: string; readonly operands: readonly Operand[] } & {
      readonly machine: readonly Machine[];
      /** It moves the stack pointer to a frame that C made. */
      readonly frame?: true;
      /** It stands on the line of text of the one before. */
      readonly joined?: true;
    } & Noted)
  | ({ readonly kind: "align"; readonly bytes: number; readonly nops?: true } & Noted)
  | ({ readonly kind: "option"; readonly option: "push" | "pop" | "relax" | "norelax" } & Noted)
  | { readonly kind: "section"; readonly section: "subsection 1" | "previous" }
  | ({ readonly kind: "data"; readonly bytes: 1 | 2 | 4; readonly values: readonly Datum[] } & Noted)
  | { readonly kind: "place"; readonly label: number; readonly forward: false }
  | { readonly kind: "note"; readonly text: string };

/** Lines, labels, notes on lines of their own, what a condition leaves out, and lists of all these. */
export type Item = Line | Label | string | false | undefined | readonly Item[];

/** Assembly as plain data: statement.ts writes it as C, size.ts measures it, use.ts says what it does to registers. */
export interface Program {
  readonly lines: readonly Line[];
  /** Of extended assembly; undefined for the body of a naked function. */
  readonly operands?: Operands;
  /** Registers that change in functions to which it jumps and from which it is resumed. */
  readonly elsewhere?: readonly RegisterName[];
}

export const isProgram = (value: unknown): value is Program =>
  typeof value === "object" && value !== null && "lines" in value && Array.isArray(value.lines) && value.lines.every(isLine);

/** The programs among the properties of an object. */
export const programsIn = (context: object): readonly Program[] => Object.values(context).filter(isProgram);

const isLine = (line: unknown): boolean => typeof line === "object" && line !== null && "kind" in line;

/** Puts items one after the other, and labels into numbers. Throws where a label is named but not placed, or placed twice. */
export function program(items: Item, operands?: Operands, elsewhere?: readonly RegisterName[]): Program {
  const flat = flatten(items);
  const places = new Map<Label, number>();
  const numbers = new Map<Label, number>();
  flat.forEach((item, index) => {
    if (typeof item === "string" || item.kind !== "label") return;
    if (places.has(item)) throw new Error("a label is placed twice");
    places.set(item, index);
    numbers.set(item, numbers.size + 1);
  });
  const lines = flat.map((item, index): Line => {
    if (typeof item === "string") return { kind: "note", text: item };
    if (item.kind === "label") return { kind: "place", label: numbers.get(item)!, forward: false };
    return resolved(item, (target) => {
      if (target.kind !== "label") return target;
      const place = places.get(target);
      if (place === undefined) throw new Error("a label is named, but not placed");
      return { kind: "place", label: numbers.get(target)!, forward: place > index };
    });
  });
  return { lines, ...(operands === undefined ? {} : { operands }), ...(elsewhere === undefined ? {} : { elsewhere }) };
}

function flatten(item: Item): readonly (Line | Label | string)[] {
  if (item === undefined || item === false) return [];
  return Array.isArray(item) ? (item as readonly Item[]).flatMap(flatten) : [item as Line | Label | string];
}

/** A line with its targets replaced. */
function resolved(line: Line, replace: (target: Target) => Target): Line {
  const inside = (operand: Operand): Operand => {
    if (typeof operand !== "object") return operand;
    if (operand.kind === "address") return { ...operand, offset: inside(operand.offset) as Immediate };
    if ("of" in operand) return { ...operand, of: replace(operand.of) };
    return operand.kind === "memory" ? operand : replace(operand);
  };
  switch (line.kind) {
    case "instruction": {
      const machine = line.machine.map((one) =>
        one.immediate === undefined ? one : { ...one, immediate: inside(one.immediate) as Immediate | Target },
      );
      return { ...line, machine, operands: line.operands.map(inside) };
    }
    case "data": {
      const values = line.values.map((value) =>
        typeof value === "number" ? value : { ...value, from: replace(value.from), to: replace(value.to) },
      );
      return { ...line, values };
    }
    default:
      return line;
  }
}

import { halfWord } from "./encode.js";
import { asmStatement } from "./extended.js";
import type { CSymbol, Line, Operand, Program, Target } from "./program.js";
import { clobbered } from "./use.js";

/** The C name of a function or table. */
export type NameOf = (symbol: CSymbol) => string;

/**
 * A program as a C statement: a string a line, notes beside them as comments. Symbols of C are operands: link time optimization
 * renames what is static, and may move it into another file of assembly.
 */
export function cStatement(program: Program, nameOf: NameOf): string {
  const symbols = new Set<string>();
  const extended = program.operands !== undefined || program.lines.some(namesSymbol);
  const text = textOf((symbol) => {
    const name = nameOf(symbol);
    symbols.add(name);
    return `%[${name}]`;
  });
  const body = withLabels(program.lines, (line) => (extended ? escaped(text(line)) : text(line)));
  if (!extended) return asmStatement(body);
  const inputs = [...symbols].sort().map((name) => `[${name}] "i"(${name})`);
  const clobbers = program.operands === undefined ? {} : { clobbers: [...changed(program), "memory"] };
  return asmStatement(body, { operands: program.operands ?? {}, registers: "r", inputs, ...clobbers });
}

/** What the program changes beside its operands. */
const changed = (program: Program): readonly string[] =>
  clobbered(program).filter((register) => program.operands?.[register]?.pinned === undefined);

const namesSymbol = (line: Line): boolean => JSON.stringify(line).includes('"kind":"symbol"');

/** Percent signs of assembly itself; those of operands stay. */
const escaped = (text: string): string => text.replace(/%(?!\[)/g, "%%");

const labelWidth = 4;

/** Lines as strings, each with the labels in front of it. */
function withLabels(lines: readonly Line[], text: (line: Line) => string): string {
  const written: string[] = [];
  let labels = "";
  for (const line of lines) {
    if (line.kind === "place") {
      if (labels !== "") written.push(`    "${labels}\\n"`);
      labels = `${line.label}:`;
      continue;
    }
    if (line.kind === "note") {
      written.push(line.text === "" ? "" : `    /* ${line.text} */`);
      continue;
    }
    if (line.kind === "instruction" && line.joined) {
      written.push(written.pop()!.replace(/\\n"$/, `; ${text(line).replace(/ +/g, " ")}\\n"`));
      continue;
    }
    const note = !("note" in line) || line.note === undefined ? "" : ` /* ${line.note} */`;
    written.push(`    "${labels.padEnd(labelWidth)}${text(line)}\\n"${note}`);
    labels = "";
  }
  if (labels !== "") written.push(`    "${labels}\\n"`);
  return written.join("\n");
}

const directives = { 1: ".byte", 2: ".half", 4: ".word" } as const;

const cNop = halfWord("c.nop", {});

/** A line as GNU as reads it. */
function textOf(symbol: NameOf): (line: Line) => string {
  const target = (to: Target): string => {
    if (to.kind === "label") throw new Error("a label has no number before its program is made");
    return to.kind === "symbol" ? symbol(to) : `${to.label}${to.forward ? "f" : "b"}`;
  };
  const operand = (value: Operand): string => {
    if (typeof value === "number") return numberText(value);
    if (typeof value === "string") return value;
    switch (value.kind) {
      case "hi":
      case "lo":
        return `%${value.kind}(${target(value.of)}${value.plus === 0 ? "" : ` + ${value.plus}`})`;
      case "address":
        return `${operand(value.offset)}(${value.base})`;
      case "memory":
        return `%[${value.name}]`;
      default:
        return target(value);
    }
  };
  return (line) => {
    switch (line.kind) {
      case "instruction":
        return `${line.spelled.padEnd(8)}${line.operands.map(operand).join(", ")}`.trimEnd();
      case "align":
        return line.nops ? `.p2alignw ${Math.log2(line.bytes)}, ${cNop}` : `.balign ${line.bytes}`;
      case "section":
        return `.${line.section}`;
      case "option":
        return `.option ${line.option}`;
      case "data":
        return `${directives[line.bytes].padEnd(8)}${line.values
          .map((value) => (typeof value === "number" ? numberText(value) : `${target(value.to)} - ${target(value.from)}`))
          .join(", ")}`;
      default:
        return "";
    }
  };
}

/** Large numbers are bits. */
const numberText = (value: number): string => (value < 0x1000 ? `${value}` : `0x${value.toString(16).toUpperCase()}`);

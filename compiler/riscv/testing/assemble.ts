import { compressedInstructions } from "../compressed.js";
import { encodeFields } from "../encode.js";
import type { Encoding, Fields } from "../encoding.js";
import { operations } from "../operations.js";
import { type RegisterName, registerNames } from "../registers.js";

/**
 * A small assembler for tests, made from the same tables as the decoder: one instruction a line, labels as `name:`,
 * compressed instructions by their own names (`c.addi a0, -1`), data as `.word 1`, comments after `#`.
 */
export function assemble(source: string, address: number): Uint8Array {
  const { lines, labels, end } = layout(source, address);
  const bytes = new Uint8Array(end - address);
  for (const { line, at, size } of lines) {
    const word = line.startsWith(".") ? Number(line.split(/\s+/)[1]) : encode(line, at, labels);
    for (let i = 0; i < size; i++) bytes[at - address + i] = word >>> (8 * i);
  }
  return bytes;
}

/** The addresses of the labels. */
export const labelsOf = (source: string, address: number): ReadonlyMap<string, number> => layout(source, address).labels;

interface Layout {
  readonly lines: readonly { readonly line: string; readonly at: number; readonly size: number }[];
  readonly labels: ReadonlyMap<string, number>;
  readonly end: number;
}

function layout(source: string, address: number): Layout {
  const labels = new Map<string, number>();
  const lines: { readonly line: string; readonly at: number; readonly size: number }[] = [];
  let at = address;
  for (const line of source.split(/[\n;]/).map((text) => text.replace(/#.*/, "").trim())) {
    if (line === "") continue;
    if (line.endsWith(":")) {
      labels.set(line.slice(0, -1), at);
      continue;
    }
    const size = line.startsWith(".word") ? 4 : line.startsWith(".half") ? 2 : encodingOf(line).bytes;
    lines.push({ line, at, size });
    at += size;
  }
  return { lines, labels, end: at };
}

const encodings: ReadonlyMap<string, Encoding> = new Map(
  [...operations, ...compressedInstructions].map((encoding) => [encoding.name, encoding]),
);

function encodingOf(line: string): Encoding {
  const encoding = encodings.get(line.split(/\s/, 1)[0]!);
  if (encoding === undefined) throw new Error(`no instruction: ${line}`);
  return encoding;
}

function encode(line: string, at: number, labels: ReadonlyMap<string, number>): number {
  const encoding = encodingOf(line);
  const pattern = encoding.operands
    .replace(/[()]/g, "\\$&")
    .replace(/\{(\w+)\}/g, "(?<$1>[\\w.-]+)")
    .replace(/, /g, ",\\s*");
  const operands = new RegExp(`^\\S+\\s*${pattern}$`).exec(line);
  if (operands === null) throw new Error(`${line}: expected ${encoding.name} ${encoding.operands}`);
  const { rd = "zero", rs1 = "zero", rs2 = "zero", immediate, upper, target } = operands.groups ?? {};
  const values: Record<keyof Fields, number> = { rd: numberOf(rd), rs1: numberOf(rs1), rs2: numberOf(rs2), immediate: 0 };
  if (immediate !== undefined) values.immediate = Number(immediate);
  if (upper !== undefined) values.immediate = Number(upper) << 12;
  if (target !== undefined) values.immediate = ((labels.get(target) ?? Number(target)) - at) | 0;
  for (const field of ["rd", "rs1", "rs2"] as const) {
    if (encoding.fields[field]?.width === 0) values[field] = encoding.fields[field].base;
  }
  // `c.addi a0, 1` names once what the operation reads and writes.
  if (!encoding.operands.includes("{rs1}") && encoding.fields.rs1?.width) values.rs1 = values.rd;
  return encodeFields(encoding, values);
}

function numberOf(register: string): number {
  const number = /^x\d+$/.test(register) ? Number(register.slice(1)) : registerNames.indexOf(register as RegisterName);
  if (number < 0) throw new Error(`no register: ${register}`);
  return number;
}

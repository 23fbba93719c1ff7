import { compressedForm } from "./encode.js";
import type { Line, Machine, Place, Program, Target } from "./program.js";
import { numberOf, type Register, type RegisterName } from "./registers.js";

/**
 * Bytes of a program as GNU as assembles it for cores with the C extension. At most so many where more than the lines decides: an
 * alignment takes what it needs, a jump to a symbol may be near, C may choose registers that compressed instructions reach.
 */
export const codeBytes = (program: Program): number => sizesOf(program).reduce((sum, size) => sum + size, 0);

/** What the distances between places that a program states as data come to, in order. */
export function distances(program: Program): readonly number[] {
  const { places } = placed(program.lines, sizesOf(program));
  const stated = program.lines.flatMap((line) => (line.kind === "data" ? line.values.filter((value) => typeof value === "object") : []));
  const placeOf = (target: Target): number => places.get((target as Place).label)!;
  return stated.map(({ from, to }) => placeOf(to) - placeOf(from));
}

/** Bytes of each line. */
function sizesOf({ lines, operands = {} }: Program): readonly number[] {
  // Registers that C chooses are different ones, beyond the reach of most compressed instructions.
  const chosen = new Map(Object.keys(operands).map((name, index) => [`%[${name}]`, 16 + index]));
  const numbered = (register: Register | undefined): number =>
    register === undefined ? 0 : (chosen.get(register) ?? numberOf(register as RegisterName));
  const known = new Map<string, boolean>();
  const isCompressedOnce = (machine: Machine): boolean => {
    const key = JSON.stringify(machine);
    const short = known.get(key) ?? isCompressed(machine, numbered);
    known.set(key, short);
    return short;
  };
  const isShort = lines.map((line) => line.kind === "instruction" && line.machine.map(isCompressedOnce));
  const sizes = lines.map((line, index) => initialBytes(line, isShort[index]!));
  // As the assembler does: all branches are short at first, then longer where they do not reach.
  for (let grown = true; grown;) {
    pad(lines, sizes);
    const { starts, places } = placed(lines, sizes);
    grown = false;
    lines.forEach((line, index) => {
      const size = branchBytes(line, isShort[index], (label) => places.get(label)! - starts[index]!);
      if (size <= sizes[index]!) return;
      sizes[index] = size;
      grown = true;
    });
  }
  return sizes;
}

/** Sets the sizes of alignments: where the linker leaves lines alone, what follows another one is known, at most what it may take else. */
function pad(lines: readonly Line[], sizes: number[]): void {
  let since: number | undefined;
  let relaxes = true;
  const outer: boolean[] = [];
  lines.forEach((line, index) => {
    if (line.kind === "option") {
      if (line.option === "push") outer.push(relaxes);
      relaxes = line.option === "pop" ? outer.pop()! : line.option === "push" ? relaxes : line.option === "relax";
    } else if (line.kind === "align") {
      sizes[index] = relaxes || since === undefined ? line.bytes - halfWord : -since & (line.bytes - 1);
      since = line.bytes === wordBytes ? 0 : undefined;
    } else if (line.kind === "section") since = undefined;
    else if (since !== undefined && sizes[index] !== 0) since = relaxes ? undefined : since + sizes[index]!;
  });
}

function placed(lines: readonly Line[], sizes: readonly number[]) {
  const starts: number[] = [];
  const places = new Map<number, number>();
  let end = 0;
  lines.forEach((line, index) => {
    if (line.kind === "place") places.set(line.label, end);
    starts.push(end);
    end += sizes[index]!;
  });
  return { starts, places };
}

/** Compressed code begins at any half-word. */
const halfWord = 2;
const wordBytes = 4;

function initialBytes(line: Line, isShort: readonly boolean[] | false): number {
  if (line.kind === "align") return line.bytes - halfWord;
  if (line.kind === "data") return line.bytes * line.values.length;
  return isShort === false ? 0 : isShort.reduce((sum, short) => sum + (short ? 2 : 4), 0);
}

/** Whether it has a compressed form; of a branch, that it has one where that reaches. */
function isCompressed({ mnemonic, rd, rs1, rs2, immediate = 0 }: Machine, numbered: (register: Register | undefined) => number): boolean {
  if (typeof immediate === "object" && immediate.kind !== "place") return false;
  const operands = { rd: numbered(rd), rs1: numbered(rs1), rs2: numbered(rs2) };
  return compressedForm(mnemonic, { ...operands, immediate: typeof immediate === "number" ? immediate : 0 }) !== undefined;
}

/** Bytes of a branch or jump to a place of the program so far away; 0 for what is none. */
function branchBytes(line: Line, isShort: readonly boolean[] | false | undefined, distanceTo: (label: number) => number): number {
  const machine = line.kind === "instruction" ? line.machine[0]! : undefined;
  if (!isShort || typeof machine?.immediate !== "object" || machine.immediate.kind !== "place") return 0;
  const distance = distanceTo(machine.immediate.label);
  const [short] = isShort;
  if (machine.mnemonic === "jal") return short && reaches(distance, 2 ** 11) ? 2 : 4;
  if (short && reaches(distance, 2 ** 8)) return 2;
  // Beyond reach: the inverse branch over a jump.
  return reaches(distance, 2 ** 12) ? 4 : short ? 6 : 8;
}

const reaches = (distance: number, reach: number): boolean => distance >= -reach && distance < reach;

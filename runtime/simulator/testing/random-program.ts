import * as fc from "fast-check";
import {
  type Compressed,
  compressedInstructions,
  decode,
  encodeFields,
  type Encoding,
  type Isa,
  type Operation,
  operations,
} from "#compiler/riscv/index.js";
import { readImmediate, type RegisterField, writeRegister } from "#compiler/riscv/encoding.js";
import { type Effect, effects } from "../effects.js";

type Instruction = Operation | Compressed;

/** Lines for the assembler; every `@` stands for what makes labels unique. */
type Piece = string;

/** What random programs are made of. */
export const randomIsa: Isa = { embedded: true, compressed: true, multiply: "M" };

/** Loads and stores stay this close to the address in x8 and sp. */
export const reach = 2048;

// x8 and sp point to data, gp counts turns of loops: nothing else writes them.
const [stack, counter, data] = [2, 3, 8];
const readable = Array.from({ length: 16 }, (_, number) => number);
const writable = readable.filter((number) => ![stack, counter, data].includes(number));
const scratchRegister = 832;

const anyWord = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 0xffffffff, 0x55555555, 0xaaaaaaaa));
const edges = [0, 1, -1, 31, 32, -0x80000000, 0x7fffffff];
const anyValue = fc.oneof(fc.integer({ min: -0x80000000, max: 0x7fffffff }), fc.constantFrom(...edges));

const all: readonly Instruction[] = [...operations, ...compressedInstructions];
const effectOf = (encoding: Instruction): Effect => effects["expands" in encoding ? encoding.expands : encoding.name];
const ofKind = (kind: Effect["kind"]): readonly Instruction[] => all.filter((encoding) => effectOf(encoding).kind === kind);

function choices(field: RegisterField | undefined, numbers: readonly number[]): readonly number[] {
  return field === undefined
    ? [0]
    : field.width === 0
      ? [field.base]
      : numbers.filter((number) => writeRegister(field, number) !== undefined);
}

/** The bits of an instruction with random operands. */
function bits(
  encoding: Encoding,
  pointers = readable,
  aim: (immediate: number) => number = (immediate) => immediate,
): fc.Arbitrary<number> {
  const { rd, rs1, rs2, immediate } = encoding.fields;
  const operands = fc.record({
    rd: fc.constantFrom(...choices(rd, writable)),
    rs1: fc.constantFrom(...choices(rs1, pointers)),
    rs2: fc.constantFrom(...choices(rs2, readable)),
    immediate: anyWord.map((word) => aim(readImmediate(immediate, word))),
  });
  return operands
    .map((values) => encodeFields(encoding, rs1 !== undefined && rs1 === rd ? { ...values, rs1: values.rd } : values))
    .filter((word) => (decode(word, randomIsa) as { readonly encoding?: Encoding }).encoding === encoding);
}

const oneOf = (encodings: readonly Instruction[], make: (encoding: Instruction) => fc.Arbitrary<number>): fc.Arbitrary<Piece> =>
  fc.oneof(...encodings.map((encoding) => make(encoding).map((word) => `${encoding.bytes === 2 ? ".half" : ".word"} ${word}`)));

const value = oneOf(
  ofKind("value").filter(({ name }) => name !== "c.addi16sp"),
  (encoding) => bits(encoding),
);

const access = oneOf([...ofKind("load"), ...ofKind("store")], (encoding) =>
  bits(encoding, [data, stack], (immediate) => immediate & -(effectOf(encoding) as { readonly width: number }).width),
);

const control = oneOf(ofKind("csr"), (encoding) => bits(encoding, readable, (immediate) => (immediate & ~0xfff) | scratchRegister));

const fence = oneOf(ofKind("fence"), (encoding) => bits(encoding));

const simple = fc.oneof({ weight: 12, arbitrary: value }, { weight: 6, arbitrary: access }, { weight: 2, arbitrary: control }, fence);

const several = fc.array(simple, { minLength: 0, maxLength: 6 }).map((pieces): Piece => pieces.join("\n"));

const register = fc.constantFrom(...readable).map((number) => `x${number}`);
const popular = fc.integer({ min: 8, max: 15 }).map((number) => `x${number}`);
const target = fc.constantFrom(...writable).map((number) => `x${number}`);

/** A branch or a jump over something. */
const skip = fc
  .tuple(fc.constantFrom(...ofKind("branch"), ...ofKind("jump")), register, register, popular, target, several)
  .map(([{ name, operands }, rs1, rs2, small, rd, body]): Piece => {
    const names: Readonly<Record<string, string>> = { rd, rs1: name.startsWith("c.") ? small : rs1, rs2, target: "over@" };
    return `${name} ${operands.replace(/\{(\w+)\}/g, (_, field: string) => names[field]!)}\n${body}\nover@:`;
  });

/** A jump over one instruction to an address in a register. */
const skipByRegister = fc
  .tuple(fc.constantFrom("jalr", "c.jr", "c.jalr"), target, fc.integer({ min: -1000, max: 1000 }))
  .map(([name, rd, offset]): Piece =>
    name === "jalr"
      ? `auipc t0, 0\n addi t0, t0, ${14 - offset}\n jalr ${rd}, ${offset}(t0)\n c.ebreak`
      : `auipc t0, 0\n addi t0, t0, 12\n ${name} t0\n c.ebreak`,
  );

const loop = fc
  .tuple(fc.integer({ min: 1, max: 4 }), several)
  .map(([turns, body]): Piece => `addi gp, zero, ${turns}\nagain@:\n${body}\naddi gp, gp, -1\nbne gp, zero, again@`);

const stackFrame = several.map((body): Piece => `c.addi16sp sp, -64\n${body}\nc.addi16sp sp, 64`);

/** Puts a value into a register. */
function load(number: number, value: number): string {
  const low = (value << 20) >> 20;
  return `lui x${number}, ${((value - low) >>> 12) & 0xfffff}\n addi x${number}, x${number}, ${low}`;
}

/** A program that starts with random values in its registers and ends by running off its end. */
export const randomProgram = (dataAddress: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(anyValue, { minLength: 16, maxLength: 16 }),
      fc.array(fc.oneof({ weight: 8, arbitrary: simple }, skip, skipByRegister, loop, stackFrame), { minLength: 5, maxLength: 40 }),
    )
    .map(([values, pieces]) => {
      const start = values.map((value, number) =>
        number === 0 ? "" : load(number, number === data || number === stack ? dataAddress : value),
      );
      return [...start, ...pieces.map((piece, i) => piece.replaceAll("@", `@_${i}`))].join("\n");
    });

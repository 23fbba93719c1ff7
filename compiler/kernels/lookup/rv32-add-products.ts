import {
  align,
  at,
  countDown,
  type Item,
  label,
  pinned,
  type Program,
  program,
  type RegisterName,
  restore,
  save,
  slots,
} from "../../riscv/index.js";
import { add, addi, andi, beqz, bne, bnez, enterFrame, lh, lhu, lw, mv, slli, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Registers that hold the sums of a group. */
const accumulators = [ra, tp, t0, t1, t2, a0, a4, a5];

const frame = slots("tables", "sums", "groups", "odd", "s0", "s1", "ra", "tp", "sp");

/** C makes the frame of it. */
export const frameBytes = frame.bytes;

const [given, slot] = [frame.at(a5), frame.at(sp)];

/** Bytes of the products of all values of a hexadecimal digit. */
const digitBytes = 32;

/** Looks up the products of the inputs of some tables, of `entryBytes` each, and adds them to the sums of all units, a group at a time. */
export function addProducts(digits: number, entryBytes: number): Program {
  const [even, group, first, second] = [label(), label(), label(), label()];
  return program(
    [
      "a1 table of an input    a2 end of the tables    a3 weights of the group    s0 codes    s1 place of a product",
      accumulators.map((register, index) => `${register} sum ${index}`).join("  "),
      "",
      "Codes are moved to where, with zeros around, they are twice themselves: the place of a product of two bytes. Inputs",
      "are taken two at a time, beginning with the second of a pair when their number is odd.",
      [save(given, s0, s1, ra, tp, sp), enterFrame(a5)],
      [sub(s0, a1, a0, "the number of inputs is odd when that of words is"), andi(s0, s0, 4), beqz(s0, even), addi(a0, a0, -entryBytes)],
      [even, sw(s0, slot.odd), sw(a0, slot.tables), sw(a3, slot.sums), sw(a4, slot.groups), mv(a3, a2), mv(a2, a1)],
      [group, lw(s0, slot.sums, "a group"), lw(a1, slot.tables), lw(s1, slot.odd)],
      accumulators.map((register, index) => lw(register, at(s0, 4 * index))),
      [bnez(s1, second), align(4)],
      [first, addInput(digits, 0, entryBytes, "the first input")],
      [second, addInput(digits, entryBytes, entryBytes, "the second input")],
      [addi(a1, a1, 2 * entryBytes), bne(a1, a2, first)],
      lw(s0, slot.sums),
      accumulators.map((register, index) => sw(register, at(s0, 4 * index))),
      [addi(s0, s0, 4 * accumulators.length), sw(s0, slot.sums), addi(a3, a3, 4 * digits)],
      countDown(s0, slot.groups, group),
      mv(a5, sp),
      restore(given, s0, s1, ra, tp, sp),
    ],
    pinned(a0, a1, a2, a3, a4, a5),
  );
}

/** The products of an input whose table is so many bytes behind `a1`: for each digit those of its values, then the place of the weights. */
const addInput = (digits: number, table: number, entryBytes: number, note: string): Item =>
  Array.from({ length: digits }, (_, word) => [
    [lhu(s1, at(a1, table + entryBytes - 4), word === 0 ? note : undefined), add(s1, s1, a3), lw(s0, at(s1, 4 * word))],
    Array.from({ length: 8 }, (_unused, nibble) => {
      const sum = accumulators[Math.floor((8 * word + nibble) / digits)]!;
      return lookUp(nibble, table + digitBytes * (nibble % digits), sum);
    }),
  ]);

/** Adds the product for the next nibble of the codes. */
const lookUp = (nibble: number, products: number, sum: RegisterName): Item => [
  nibble === 0 ? [slli(s1, s0, 1), andi(s1, s1, 0x1e)] : [srli(s0, s0, nibble === 1 ? 3 : 4), andi(s1, s0, 0x1e)],
  [add(s1, s1, a1), lh(s1, at(s1, products)), add(sum, sum, s1)],
];

import type { Ones } from "../../ir/types.js";
import { at, countDown, type Item, type Label, label, type Program, program, restore, save, struct } from "../../riscv/index.js";
import { add, addi, and, andi, beqz, bltu, bltz, bne, bnez, j, jr, la, lhu, li, lw, ret } from "../../riscv/instructions.js";
import { sll, slli, srai, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, tp, zero } from "../../riscv/registers.js";
import { convolveJob, recordBytes } from "./row-layout.js";
import { requantizeLanes, sumWords } from "./rv32-requantize-lanes.js";
import { timesInto } from "./rv32-times.js";
import { accumulators, visit, visitBytes, type WeightLayout } from "./rv32-visits.js";

/** What a row of windows is convolved by. */
export interface RowShape extends WeightLayout {
  /** Of a window. */
  readonly rows: number;
  readonly columns: number;
  /** Bit planes of values. */
  readonly planes: number;
  /** Weights that a byte has room for, however large. */
  readonly room: number;
  /** Levels are `lowest + step * u`. */
  readonly lowest: number;
  readonly step: 1 | 2;
  /** Bits of what it writes, and how many of them may be set. */
  readonly bits: number;
  readonly ones?: Ones | undefined;
}

const frameOf = ({ rows, words }: RowShape) =>
  struct({
    sums: `uint32_t[${sumWords * words}]`,
    lists: `uint32_t[${2 * rows}]`,
    rows: `uint32_t[${rows}]`,
    ...{ job: "uint32_t", base: "uint32_t", columns: "uint32_t", passes: "uint32_t", weights: "uint32_t", pass: "uint32_t" },
    ...{ bias: "uint32_t", ground: "uint32_t", planes: "uint32_t", doublings: "uint32_t", added: "uint32_t" },
    ...{ rest: "uint32_t", list: "uint32_t", chain: "uint32_t", s0: "uint32_t", s1: "uint32_t", ra: "uint32_t", tp: "uint32_t" },
  });

type Frame = ReturnType<typeof frameOf>;

/** More copies of a visit gain little: few lists are longer. */
const longestChain = 23;

/** Entries that are added up before bytes are full. */
const roomOf = ({ room }: RowShape): number => Math.min(room, longestChain);

const [job, end, row, room] = [a0, a2, a4, a5];

/** Convolves a row of windows with all channels: `a0` the job. */
export function convolveRow(shape: RowShape): Program {
  const frame = frameOf(shape);
  const { rows, words, bits, ones } = shape;
  const slot = frame.at(sp);
  const given = convolveJob(rows);
  const field = given.at(job);
  const everyRow = (of: (row: number) => Item): Item => Array.from({ length: rows }, (_, each) => of(each));
  const [rowAt, listAt] = [rowsIn(frame), listsIn(frame)];
  const [column, pass, chain] = [label(), label(), label()];
  const { ground, bias } = slot;
  const { shift, mask, out } = field;
  const requantize = requantizeLanes({ words, bits, ones, sums: frame.offsets.sums, ground, bias, shift, mask, out });
  return program([
    [addi(sp, sp, -frame.bytes), save(slot, s0, s1, ra, tp), sw(job, slot.job)],
    everyRow((each) => [lw(a1, at(job, given.offsets.rows + 4 * each)), sw(a1, rowAt(each))]),
    [lw(a1, field.base), sw(a1, slot.base), lw(a1, field.columns), sw(a1, slot.columns), lw(a1, field.weights), sw(a1, slot.weights)],
    [la(a1, chain), sw(a1, slot.chain)],
    [column, groundOf(shape, frame)],
    [lw(a1, field.passes), sw(a1, slot.passes), lw(a1, slot.weights)],
    [pass, sw(a1, slot.pass), lw(a2, field.tap)],
    everyRow((each) => [lw(a3, rowAt(each)), sw(a3, listAt(each)), sw(a1, listAt(each, 4)), each < rows - 1 && add(a1, a1, a2)]),
    addWindow(shape, frame, chain),
    [lw(job, slot.job), requantize.loop],
    [lw(job, slot.job), sw("t1", field.out), sw(ra, slot.bias)],
    [lw(a1, slot.pass), lw(a2, field.pass), add(a1, a1, a2), countDown(a2, slot.passes, pass)],
    [lw(a2, field.advance), everyRow((each) => [lw(a1, rowAt(each)), add(a1, a1, a2), sw(a1, rowAt(each))])],
    [lw(a1, slot.weights), lw(a2, field.column), sub(a1, a1, a2), sw(a1, slot.weights), countDown(a1, slot.columns, column)],
    [restore(slot, s0, s1, ra, tp), addi(sp, sp, frame.bytes), ret()],
    requantize.aside,
  ]);
}

/** Where the frame has the records of a row's columns. */
const rowsIn =
  ({ offsets }: Frame) =>
  (row: number) =>
    at(sp, offsets.rows + 4 * row);

/** Where the frame has a row's record of the plane that comes next, and 4 bytes on the weights of its place 0. */
const listsIn =
  ({ offsets }: Frame) =>
  (row: number, beside = 0) =>
    at(sp, offsets.lists + 8 * row + beside);

/** What the lowest level comes to for all values of a window, in both halves of a word; and the biases for it. */
function groundOf({ rows, columns, planes, lowest, step }: RowShape, frame: Frame): Item {
  const [field, slot] = [convolveJob(rows).at(job), frame.at(sp)];
  const [sum, product] = [a3, a4];
  const even = label();
  const sumAt = (column: number) => at(a1, recordBytes(planes) * column + 2 * planes);
  return [
    li(sum, 0),
    Array.from({ length: rows }, (_, each) => [
      [lw(a1, rowsIn(frame)(each)), lhu(a2, sumAt(columns)), add(sum, sum, a2)],
      [lhu(a2, sumAt(0)), sub(sum, sum, a2)],
    ]),
    timesInto(product, sum, lowest),
    [lw(a1, field.bias), addi(a1, a1, 4 * (sumWords - 1))],
    step === 2 && [andi(a3, product, 1), beqz(a3, even), lw(a2, field.odd), add(a1, a1, a2), even, srai(product, product, 1)],
    [sw(a1, slot.bias), lw(a2, field.ground), add(product, product, a2), slli(a2, product, 16), add(product, product, a2)],
    sw(product, slot.ground),
  ];
}

/**
 * Adds the weights of a window's entries to the sums, plane by plane from the highest on (Horner): from plane to plane bytes are doubled
 * where they have room for it, and else added to the sums, which are doubled when the next bytes are.
 */
function addWindow(shape: RowShape, frame: Frame, chain: Label): Item {
  const { rows, columns, planes } = shape;
  const slot = frame.at(sp);
  const most = roomOf(shape);
  const [plane, segment, take, enter, next] = [label(), label(), label(), label(), label()];
  const [split, flush, resume, done] = [label(), label(), label(), label()];
  const used = accumulators.slice(0, shape.words).flatMap(({ low, high }) => [low, high]);
  return [
    "a0 weights of an entry    a1 those of place 0    a2 end of the list    a4 row of the window    a5 how many more fit bytes",
    `s0 word    s1 mask    ${used.map((register, index) => `${register} ${index % 2 === 0 ? "low" : "high"} nibbles`).join("    ")}`,
    used.map((register) => li(register, 0)),
    [sw(zero, slot.rest), sw(zero, slot.doublings), sw(zero, slot.added), li(a0, planes), sw(a0, slot.planes)],
    [li(s1, 0x0f0f0f0f), li(room, most)],
    [plane, addi(row, sp, frame.offsets.lists)],
    [segment, lw(a0, at(row)), lhu(end, at(a0, recordBytes(planes) * columns)), lhu(s0, at(a0)), addi(a0, a0, 2), sw(a0, at(row))],
    [sub(s0, end, s0), beqz(s0, next), lw(a0, slot.base), add(end, end, a0), lw(a1, at(row, 4))],
    [take, sub(room, room, s0), bltz(room, split)],
    [enter, timesInto(a0, s0, visitBytes(shape)), lw(s0, slot.chain), sub(s0, s0, a0), jr(s0)],
    Array.from({ length: most }, (_, index) => visit(shape, most - index)),
    [chain, lw(a0, slot.rest), bnez(a0, flush)],
    [next, addi(row, row, 8), addi(a0, sp, frame.offsets.lists + 8 * rows), bne(row, a0, segment)],
    [lw(a0, slot.planes), addi(a0, a0, -1), sw(a0, slot.planes), beqz(a0, flush)],
    [li(a0, most), sub(a0, a0, room), slli(a0, a0, 1), li(s0, most - leastRoom), bltu(s0, a0, flush)],
    [lw(s0, slot.doublings), addi(s0, s0, 1), sw(s0, slot.doublings), li(room, most), sub(room, room, a0)],
    [used.map((register) => slli(register, register, 1)), j(plane)],
    [split, sub(a0, zero, room, "only some fit"), sw(a0, slot.rest), add(s0, s0, room), sub(end, end, a0), sw(end, slot.list)],
    [li(room, 0), bnez(s0, enter)],
    [flush, addBytes(shape, frame), li(s1, 0x0f0f0f0f), li(room, most)],
    [lw(s0, slot.rest), bnez(s0, resume)],
    [lw(a0, slot.planes), beqz(a0, done), li(a0, 1), sw(a0, slot.doublings), j(plane)],
    [resume, sw(zero, slot.rest), lw(end, slot.list), add(end, end, s0), lw(a1, at(row, 4)), j(take)],
    done,
  ];
}

/** Less room than for this many is not worth doubling for. */
const leastRoom = 5;

/** Adds bytes to the sums, two at a time, after these were doubled as often as the bytes; the first ones are the sums. */
function addBytes({ words }: RowShape, frame: Frame): Item {
  const slot = frame.at(sp);
  const [more, cleared] = [label(), label()];
  const used = accumulators.slice(0, words);
  const each = (store: (offset: number) => Item): Item =>
    used.map(({ low, high }, word) => [
      [slli(a0, high, 4), sub(low, low, a0)],
      [low, low, high, high].map((bytes, lane) => [
        [and(s0, bytes, a1), store(frame.offsets.sums + 4 * (sumWords * word + lane))],
        lane % 2 === 0 && srli(bytes, bytes, 8),
      ]),
    ]);
  return [
    [lw(a2, slot.doublings), sw(zero, slot.doublings), li(a1, 0x00ff00ff), lw(a0, slot.added), bnez(a0, more)],
    [sw(sp, slot.added), each((offset) => sw(s0, at(sp, offset))), j(cleared)],
    [more, each((offset) => [lw(s1, at(sp, offset)), sll(s1, s1, a2), add(s1, s1, s0), sw(s1, at(sp, offset))])],
    [cleared, used.flatMap(({ low, high }) => [li(low, 0), li(high, 0)])],
  ];
}

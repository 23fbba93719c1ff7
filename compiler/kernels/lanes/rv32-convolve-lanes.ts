import { signedDigits } from "../../catalog/codebook/signed-digits.js";
import { at, countDown, type Item, label, type Program, program, type RegisterName, restore, save, slots } from "../../riscv/index.js";
import { add, addi, and, beqz, bne, bnez, j, jal, lbu, li, lw, mv, or, ret, sb, slli, srli, sub, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { keepHighestOnes, type Scratch } from "../requantize/rv32-highest-ones.js";
import type { LaneChannel, LanePlan, Lanes } from "./lane-plan.js";

/** The same number in every lane. */
export const inLanes = (value: number, { count, bits }: Lanes): number =>
  Array.from({ length: count }, (_, lane) => value * 2 ** (bits * lane)).reduce((sum, part) => sum + part, 0) | 0;

/** How results are stored: nibbles of a pixel side by side, two channels a byte, or bytes channel by channel. */
export interface LaneStore {
  readonly nibbles: boolean;
  /** Bytes from pixel to pixel, and from channel to channel, or from two channels to the next two. */
  readonly pixel: number;
  readonly channel: number;
}

const frame = slots("image", "out", "table", "columns", "levels", "ones", "mask", "excess", "s0", "s1", "ra", "tp");
const slot = frame.at(sp);

/** Of the windows of a pool, row by row. */
const windows: readonly RegisterName[] = [s0, s1, a0, a1];
const [word, upper, lower, result] = [a2, a3, a4, a5];

/** Rows of words from this one on are relative to a second register, so that compressed loads reach them. */
const firstLower = 2;

/**
 * Convolves a packed image place by place and channel by channel, the weights as code: `a0` the image, `a1` the output, `a2` what
 * `laneTable` has.
 */
export function convolveLanes(plan: LanePlan, store: LaneStore): Program {
  const { channels, levels, pooled, geometry, pool, lanes, shift } = plan;
  const line = 4 * geometry.input.width;
  const mask = (2 ** (lanes.bits - 1) - 1) >> (shift - 1);
  const [level, place, next, tail, put] = [label(), label(), label(), label(), label()];
  return program([
    `${windows.slice(0, pool * pool).join(" ")} sums    ${word} word    ${upper}, ${lower} its rows    ${t0} output    ${t1} start and threshold    ${tp} place`,
    [addi(sp, sp, -frame.bytes), save(slot, s0, s1, ra, tp), sw(a0, slot.image), sw(a1, slot.out), sw(a2, slot.table), mv(tp, a0)],
    [li(a5, inLanes(2 ** (lanes.bits - 1), lanes)), sw(a5, slot.ones), li(a5, inLanes(mask, lanes)), sw(a5, slot.mask)],
    mask > plan.most && [li(a5, inLanes(2 ** (lanes.bits - 1) - plan.most - 1, lanes)), sw(a5, slot.excess)],
    [li(a5, levels), sw(a5, slot.levels)],
    [level, li(a5, pooled.width), sw(a5, slot.columns)],
    [place, lw(t1, slot.table), lw(t0, slot.out), mv(upper, tp), addi(lower, tp, firstLower * line)],
    blankPlace(plan, store, next),
    channels.map((channel, index) => [
      convolveChannel(plan, channel, line),
      jal(tail),
      store.nibbles &&
        (index % 2 === 1
          ? [slli(result, result, 4), or(result, result, t2), jal(put)]
          : index === channels.length - 1
            ? jal(put)
            : mv(t2, result)),
    ]),
    [next, lw(a0, slot.out), addi(a0, a0, store.pixel), sw(a0, slot.out), addi(tp, tp, 4 * pool), countDown(a0, slot.columns, place)],
    [lw(tp, slot.image), addi(tp, tp, pool * line), sw(tp, slot.image), countDown(a0, slot.levels, level)],
    [restore(slot, s0, s1, ra, tp), addi(sp, sp, frame.bytes), ret()],
    [tail, requantizeLanes(plan, mask)],
    store.nibbles ? mv(result, a3) : [few(plan, store, a3, [a2, a4, a5]), storeLanes(plan, store, a3), advance(store)],
    [mv(upper, tp), addi(lower, tp, firstLower * line), ret()],
    store.nibbles && [put, few(plan, store, result, [a2, a3, a4]), storeLanes(plan, store, result), advance(store)],
    store.nibbles && [plan.ones !== undefined && [mv(upper, tp), addi(lower, tp, firstLower * line)], ret()],
  ]);
}

/** Words of a place: as many as the windows of a pool cover. */
const wordsOf = ({
  geometry: { kernel },
  pool,
}: Pick<LanePlan, "geometry" | "pool">): readonly { readonly row: number; readonly column: number }[] =>
  Array.from({ length: kernel.height + pool - 1 }, (_, row) => row).flatMap((row) =>
    Array.from({ length: kernel.width + pool - 1 }, (_, column) => ({ row, column })),
  );

const wordAt = (row: number, column: number, line: number) => at(row < firstLower ? upper : lower, offsetOf(row, column, line));

const offsetOf = (row: number, column: number, line: number): number => (row < firstLower ? row : row - firstLower) * line + 4 * column;

/** The largest offset and step that addresses of words take, in bytes. */
export function farthestWord(plan: LanePlan): number {
  const line = 4 * plan.geometry.input.width;
  const offsets = wordsOf(plan).map(({ row, column }) => offsetOf(row, column, line));
  return Math.max(...offsets, firstLower * line, plan.pool * line);
}

/** Where a place has no ink every channel has a value of its own, known beforehand. */
function blankPlace(plan: LanePlan, store: LaneStore, next: ReturnType<typeof label>): Item {
  const { channels, geometry } = plan;
  const [inked, blank] = [label(), label()];
  const line = 4 * geometry.input.width;
  const bytes = store.nibbles ? Math.ceil(channels.length / 2) : channels.length;
  return [
    wordsOf(plan).map(({ row, column }, index) => [
      lw(index === 0 ? result : word, wordAt(row, column, line)),
      index > 0 && or(result, result, word),
    ]),
    [bnez(result, inked), addi(t1, t1, 8 * channels.length), addi(a1, t1, bytes)],
    [blank, lbu(a0, at(t1)), laneOffsets(plan, store).map((offset) => sb(a0, at(t0, offset)))],
    [advance(store), addi(t1, t1, 1), bne(t1, a1, blank), j(next)],
    inked,
  ];
}

/** The sums of all windows of a pool: each word is loaded once, and shifted from digit to digit of the taps that it meets. */
function convolveChannel({ geometry, pool }: LanePlan, { taps }: LaneChannel, line: number): Item {
  const { kernel } = geometry;
  const sums = windows.slice(0, pool * pool);
  return [
    [lw(s0, at(t1)), sums.slice(1).map((sum) => mv(sum, s0))],
    wordsOf({ geometry, pool }).map(({ row, column }) => {
      const terms = sums.flatMap((sum, index) => {
        const [y, x] = [row - Math.floor(index / pool), column - (index % pool)];
        const inside = y >= 0 && y < kernel.height && x >= 0 && x < kernel.width;
        return inside ? signedDigits(taps[y * kernel.width + x]!).map((digit) => ({ sum, ...digit })) : [];
      });
      const ordered = terms.sort((one, other) => one.shift - other.shift);
      return ordered.length === 0
        ? []
        : [
            lw(word, wordAt(row, column, line)),
            ordered.map(({ sum, shift, negative }, index) => {
              const by = shift - (ordered[index - 1]?.shift ?? 0);
              return [by > 0 && slli(word, word, by), (negative ? sub : add)(sum, sum, word)];
            }),
          ];
    }),
  ];
}

/** The largest sum of a pool and of where `relu` begins, less that, shifted and saturated: `a3`. Lanes hold halves, so that the highest bit is free. */
function requantizeLanes({ lanes, pool, shift, most }: LanePlan, mask: number): Item {
  const [fits, bits] = [label(), Math.log2(most + 1)];
  const ones = a5;
  return [
    [lw(ones, slot.ones), lw(a3, at(t1, 4))],
    windows.slice(0, pool * pool).map((sum) => [
      [srli(sum, sum, 1), or(sum, sum, ones), sub(sum, sum, a3), and(a4, sum, ones)],
      [srli(a2, a4, lanes.bits - 1), sub(a4, a4, a2), and(sum, sum, a4), add(a3, a3, sum)],
    ]),
    [lw(a2, at(t1, 4)), sub(a3, a3, a2), shift > 1 && srli(a3, a3, shift - 1), lw(a2, slot.mask), and(a3, a3, a2), addi(t1, t1, 8)],
    mask > most && [
      [lw(a4, slot.excess), add(a4, a4, a3), and(a4, a4, ones), beqz(a4, fits)],
      [srli(a4, a4, lanes.bits - 1), slli(a2, a4, bits), sub(a2, a2, a4), or(a3, a3, a2), li(a2, inLanes(most, lanes)), and(a3, a3, a2)],
      fits,
    ],
  ];
}

/** Keeps few bits of what is in lanes, one nibble or two. */
const few = ({ ones, lanes, most }: LanePlan, { nibbles }: LaneStore, values: RegisterName, scratch: Scratch): Item =>
  ones !== undefined && [
    li(t2, inLanes(nibbles ? 0x11 : 1, lanes)),
    keepHighestOnes(values, t2, scratch, nibbles ? 4 : Math.log2(most + 1), ones),
  ];

/** Where each lane is stored, from the first one on. */
export const laneOffsets = ({ starts, pooled }: LanePlan, { pixel }: LaneStore): readonly number[] =>
  starts.map((start) => start * pooled.width * pixel);

const storeLanes = (plan: LanePlan, store: LaneStore, from: RegisterName): Item =>
  laneOffsets(plan, store).map((offset, lane) => [lane > 0 && srli(from, from, plan.lanes.bits), sb(from, at(t0, offset))]);

const advance = ({ channel }: LaneStore): Item => (channel < 2048 ? addi(t0, t0, channel) : [li(a4, channel), add(t0, t0, a4)]);

import { signedDigits } from "../../catalog/codebook/signed-digits.js";
import {
  type Address,
  at,
  countDown,
  type Item,
  label,
  type Program,
  program,
  type RegisterName,
  restore,
  save,
  slots,
} from "../../riscv/index.js";
import { add, addi, and, bne, bnez, j, jal, lbu, li, lw, mv, or, ret, sb, slli, srli, sub, sw, xor } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { keepHighestOnes } from "../requantize/rv32-highest-ones.js";
import type { LaneChannel } from "./lane-channels.js";
import type { LanePlan, Lanes } from "./lane-plan.js";

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

const frame = slots("image", "out", "table", "columns", "levels", "mask", "room", "s0", "s1", "ra", "tp");
const slot = frame.at(sp);

/** What the assembly takes of the stack. */
export const frameBytes = frame.bytes;

/** Of the windows of a pool, row by row. */
const windows: readonly RegisterName[] = [s0, s1, a0, a1];
const [word, upper, lower, record] = [a2, a3, a4, a5];

/** Rows of words from this one on are relative to a second register, so that compressed loads reach them. */
const firstLower = 2;

/**
 * Convolves a packed image place by place and channel by channel, the weights as code: `a0` the image, `a1` the output, `a2` what
 * `laneTable` has.
 */
export function convolveLanes(plan: LanePlan, store: LaneStore): Program {
  const { channels, levels, pooled, geometry, pool, lanes, down, most } = plan;
  const line = 4 * geometry.input.width;
  const [level, place, next, tail, put] = [label(), label(), label(), label(), label()];
  const constant = (value: number, address: Address): Item => [li(a5, inLanes(value, lanes)), sw(a5, address)];
  return program([
    `${windows.slice(0, pool * pool).join(" ")} sums    ${word} word    ${upper}, ${lower} its rows    ${record} start and threshold`,
    `${t0} output    ${t1} guard bits    ${t2} an even channel    ${tp} place`,
    [addi(sp, sp, -frame.bytes), save(slot, s0, s1, ra, tp), sw(a0, slot.image), sw(a1, slot.out), sw(a2, slot.table), mv(tp, a0)],
    [li(t1, inLanes(2 ** (lanes.bits - 1), lanes)), constant(keptBits(plan), slot.mask)],
    plan.saturates && constant(2 ** (lanes.bits - 1) - (most + 1) * 2 ** down, slot.room),
    [li(a5, levels), sw(a5, slot.levels)],
    [level, li(a5, pooled.width), sw(a5, slot.columns)],
    [place, lw(record, slot.table), lw(t0, slot.out), mv(upper, tp), addi(lower, tp, firstLower * line)],
    blankPlace(plan, store, next),
    channels.map((channel, index) => [
      convolveChannel(plan, channel),
      jal(tail),
      store.nibbles &&
        (index % 2 === 1 ? [slli(s0, s0, 4), add(s0, s0, t2), jal(put)] : index === channels.length - 1 ? jal(put) : mv(t2, s0)),
    ]),
    [next, lw(a0, slot.out), addi(a0, a0, store.pixel), sw(a0, slot.out), addi(tp, tp, 4 * pool), countDown(a0, slot.columns, place)],
    [lw(tp, slot.image), addi(tp, tp, pool * line), sw(tp, slot.image), countDown(a0, slot.levels, level)],
    [restore(slot, s0, s1, ra, tp), addi(sp, sp, frame.bytes), ret()],
    [tail, requantizeLanes(plan), !store.nibbles && keepLanes(plan, store)],
    [mv(upper, tp), addi(lower, tp, firstLower * line), ret()],
    store.nibbles && [put, keepLanes(plan, store), ret()],
  ]);
}

/** The bits of a value in a lane; above them are those of the next one. */
const keptBits = ({ lanes, down, most }: LanePlan): number => Math.min(most, Math.floor((2 ** (lanes.bits - 1) - 1) / 2 ** down));

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
    wordsOf(plan).map(({ row, column }, index) => [lw(index === 0 ? a0 : word, wordAt(row, column, line)), index > 0 && or(a0, a0, word)]),
    [bnez(a0, inked), addi(record, record, 8 * channels.length), addi(a1, record, bytes)],
    [blank, lbu(a0, at(record)), laneOffsets(plan, store).map((offset) => sb(a0, at(t0, offset)))],
    [advance(store), addi(record, record, 1), bne(record, a1, blank), j(next)],
    inked,
  ];
}

/** The sums of all windows of a pool: each word is loaded once, and shifted from digit to digit of the taps that it meets. */
export function convolveChannel({ geometry, pool }: LanePlan, { taps }: LaneChannel): Item {
  const { kernel, input } = geometry;
  const sums = windows.slice(0, pool * pool);
  return [
    [lw(s0, at(record)), sums.slice(1).map((sum) => mv(sum, s0))],
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
            lw(word, wordAt(row, column, 4 * input.width)),
            ordered.map(({ sum, shift, negative }, index) => {
              const by = shift - (ordered[index - 1]?.shift ?? 0);
              return [by > 0 && slli(word, word, by), (negative ? sub : add)(sum, sum, word)];
            }),
          ];
    }),
  ];
}

const [flag, scratch, guard] = [a2, a3, a4];

/** In lanes where `flag` has the guard bit all bits below it, in the others none: what they had is left out. */
const maskLanes = ({ lanes }: LanePlan): Item => [
  [and(flag, flag, guard), mv(scratch, flag), srli(scratch, scratch, lanes.bits - 1), sub(flag, flag, scratch)],
];

/** The values of a channel in the lanes of `s0`: what the largest sum of a pool exceeds the threshold by, or zero, shifted and saturated. */
export function requantizeLanes(plan: LanePlan): Item {
  const { pool, halved, down, saturates } = plan;
  const [largest, ...others] = windows.slice(0, pool * pool) as [RegisterName, ...RegisterName[]];
  return [
    mv(guard, t1),
    halved && ["halves, without the bits that come from the lanes above", srli(largest, largest, 1), or(largest, largest, guard)],
    halved && xor(largest, largest, guard),
    others.map((sum) => [
      [halved && srli(sum, sum, 1), or(sum, sum, guard), sub(sum, sum, largest), mv(flag, sum), maskLanes(plan)],
      [and(sum, sum, flag), add(largest, largest, sum)],
    ]),
    "above the threshold",
    [lw(scratch, at(record, 4)), or(largest, largest, guard), sub(largest, largest, scratch), mv(flag, largest), maskLanes(plan)],
    [and(largest, largest, flag), addi(record, record, 8)],
    saturates && ["saturated", lw(flag, slot.room), add(flag, flag, largest), maskLanes(plan), or(largest, largest, flag)],
    [down > 0 && srli(largest, largest, down), lw(flag, slot.mask), and(largest, largest, flag)],
  ];
}

/** Keeps few bits of what is in the lanes of `s0`, one nibble or two, and stores them. */
const keepLanes = (plan: LanePlan, store: LaneStore): Item => [
  plan.ones !== undefined && [
    li(t2, inLanes(store.nibbles ? 0x11 : 1, plan.lanes)),
    keepHighestOnes(s0, t2, [s1, a0, a1], store.nibbles ? 4 : Math.log2(plan.most + 1), plan.ones),
  ],
  laneOffsets(plan, store).map((offset, lane) => [lane > 0 && srli(s0, s0, plan.lanes.bits), sb(s0, at(t0, offset))]),
  advance(store),
];

/** Where each lane is stored, from the first one on. */
export const laneOffsets = ({ starts, pooled }: LanePlan, { pixel }: LaneStore): readonly number[] =>
  starts.map((start) => start * pooled.width * pixel);

const advance = ({ channel }: LaneStore): Item => (channel < 2048 ? addi(t0, t0, channel) : [li(a0, channel), add(t0, t0, a0)]);

import { at, codeBytes, type Item, program } from "../../riscv/index.js";
import { add, and, lbu, lw, slli, srli } from "../../riscv/instructions.js";
import type { Accumulator } from "../bit-planes/rv32-digit-block.js";
import { a0, a1, a2, a3, ra, s0, s1, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Of the words of a pass. */
export const accumulators: readonly Accumulator[] = [
  { low: ra, high: t0 },
  { low: t1, high: t2 },
  { low: tp, high: a3 },
];

/** How weights lie: those of a pass in planes, a word of all values after the other; or all words of a value side by side. */
export interface WeightLayout {
  /** Words of a value that a pass adds up. */
  readonly words: 1 | 2 | 3;
  /** Bytes from plane to plane; undefined for words side by side. */
  readonly plane?: number | undefined;
}

/** Bytes from a value's weights to those of the next. */
export const valueBytes = ({ words, plane }: WeightLayout): number => (plane === undefined ? 4 * words : 4);

/** Loads reach 2 KiB on both sides: the middle one of three planes is what addresses are relative to. */
export const firstPlane = ({ words, plane = 0 }: WeightLayout): number => (words === 3 ? plane : 0);

/** Whether loads reach all planes. */
export const isInReach = ({ words, plane = 0 }: WeightLayout): boolean => plane * Math.min(1, words - 1) < 2048;

/** Adds the weights of the value at the `back`th entry before the end of a list, `a2`; `a1` has those of place 0, `s1` the mask 0x0F0F0F0F. */
export function visit(layout: WeightLayout, back: number): Item {
  const { words, plane } = layout;
  const offsetOf = (index: number): number => (plane === undefined ? 4 * index : index * plane - firstPlane(layout));
  return [
    lbu(a0, at(a2, -back)),
    words === 3 && plane === undefined ? [slli(s0, a0, 1), add(a0, a0, s0), slli(a0, a0, 2)] : slli(a0, a0, Math.log2(valueBytes(layout))),
    add(a0, a0, a1),
    accumulators.slice(0, words).map(({ low, high }, index) => [
      [lw(s0, at(a0, offsetOf(index))), add(low, low, s0)],
      [srli(s0, s0, 4), and(s0, s0, s1), add(high, high, s0)],
    ]),
  ];
}

/** Bytes of a visit's code, the same for all. */
export const visitBytes = (layout: WeightLayout): number => codeBytes(program(visit(layout, 1)));

import {
  align,
  alignWithNops,
  at,
  distance,
  enterFrame,
  halves,
  hi,
  type Item,
  label,
  lo,
  pinned,
  type Program,
  program,
} from "../../riscv/index.js";
import { restore, save, struct, subsection, together, unrelaxed } from "../../riscv/index.js";
import { add, addi, andi, j, jr, lh, li, lui, lw, mv, slli, srli, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Each has the sums of two units in SWAR, 16 bits each. */
export const accumulators = [ra, tp, t0, t1, t2, a3, a4, a5] as const;

/** What is on the stack meanwhile. */
export const frame = struct({
  ...{ s0: "uint32_t", s1: "uint32_t", ra: "uint32_t", tp: "uint32_t", sp: "uint32_t" },
  lanes: "uint32_t *",
});

const [entry, line, one, upper, both] = [s0, s1, a0, a1, a2];

/** For each input the numbers of its weights' levels, unit by unit. */
export type Numbers = readonly (readonly number[])[];

/** The list's loop and a line of additions for each input: `a0` the list, `a1` where the sums go, `a2` the frame. */
export function linesProgram(numbers: Numbers): Program {
  const [loop, table, end] = [label(), label(), label()];
  const lines = numbers.map(() => label());
  const [slot, given] = [frame.at(sp), frame.at(a2)];
  return program(
    [
      `${entry} next entry    ${line} line    ${one} d    ${upper} d << 16    ${both} d and d << 16`,
      accumulators.map((register, index) => `${register} units ${2 * index}, ${2 * index + 1}`).join("  "),
      [save(given, s0, s1, ra, tp, sp), sw(a1, given.lanes), enterFrame(a2), mv(entry, a0)],
      accumulators.map((sum) => li(sum, 0)),
      unrelaxed(
        alignWithNops(4),
        [loop, lw(line, at(entry, 0)), addi(entry, entry, 4), andi(one, line, 0xff), srli(line, line, 16)],
        [lui(a2, hi(table)), add(line, line, a2), lh(line, at(line, lo(table)))],
        [slli(upper, one, 16), add(line, line, a2), add(both, one, upper), jr(at(line, lo(table)))],
        numbers.map((levels, input) => [align(4), lines[input], additions(levels), j(loop)]),
        alignWithNops(4),
        [end, lw(a1, slot.lanes)],
        accumulators.map((sum, index) => sw(sum, at(a1, 4 * index))),
        [mv(a2, sp), restore(given, s0, s1, ra, tp, sp)],
        "where each line is from the table's begin, and at last where the entry leads that ends the list",
        subsection(
          align(4),
          table,
          chunks([...lines, end], 4).map((places) => halves(...places.map((place) => distance(table, place)))),
        ),
      ),
    ],
    pinned(a0, a1, a2),
  );
}

/** The smaller number of a pair is added to both of its sums at once, what the other is larger to its own alone. */
function additions(levels: readonly number[]): Item {
  const sums = accumulators.flatMap((sum, pair) => {
    const [low, high] = [levels[2 * pair]!, levels[2 * pair + 1]!];
    const rest = low < high ? upper : one;
    return [
      ...Array.from({ length: Math.min(low, high) }, () => add(sum, sum, both)),
      ...Array.from({ length: Math.abs(low - high) }, () => add(sum, sum, rest)),
    ];
  });
  return chunks(sums, 6).map((few) => together(...few));
}

const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

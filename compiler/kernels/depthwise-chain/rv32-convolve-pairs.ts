import type { Interrupts } from "../../ir/plan.js";
import { at, type Item, label, type Program, type RegisterName } from "../../riscv/index.js";
import { add, bgez, li, slli, srli, sub, sw } from "../../riscv/instructions.js";
import { laneConstants, type Places, product, value, convolveLoop, x, y, z } from "./rv32-convolve-loop.js";

/** The sums of two windows in each word, cleared of negatives and shifted right; `low` and `high` are where they go from a cell. */
export interface ConvolvePairs {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

export function pairsProgram(interrupts: Interrupts, levelBytes: 1 | 2, places: Places, pairs: ConvolvePairs): Program {
  const { columns, cell, nextCell } = places;
  const loop = label();
  return convolveLoop(interrupts, levelBytes, places, {
    lanes: true,
    rows: ({ window, begin, column, next }) => [
      begin,
      [loop, column(x, y, z, columns[2]), store(interrupts, window, pairs, x, cell)],
      [column(y, z, x, columns[3]), store(interrupts, window, pairs, y, nextCell)],
      next(loop),
    ],
  });
}

function store(interrupts: Interrupts, window: RegisterName, { shift, low, high }: ConvolvePairs, sum: RegisterName, cell: number): Item {
  const [lower, upper] = [label(), label()];
  const { offset, zero } = laneConstants(interrupts);
  return [
    [offset, add(sum, sum, value), zero],
    [slli(product, sum, 16), srli(product, product, 16 + shift), sub(product, product, value)],
    [bgez(product, lower), li(product, 0), lower, sw(product, at(window, low + cell))],
    [srli(sum, sum, 16 + shift), sub(sum, sum, value)],
    [bgez(sum, upper), li(sum, 0), upper, sw(sum, at(window, high + cell))],
  ];
}

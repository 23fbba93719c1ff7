import type { Interrupts } from "../../ir/plan.js";
import { at, type Item, label, type Program, type RegisterName } from "../../riscv/index.js";
import { bge, bgez, li, lw, mv, srai, sw } from "../../riscv/instructions.js";
import { type Places, value, type ConvolveLines, convolveLoop, x, y, z } from "./rv32-convolve-loop.js";

/** The sums of windows, or the largest of each 2x2, cleared of negatives and shifted right, in place of what they are made of. */
export function mapProgram(
  interrupts: Interrupts,
  levelBytes: 1 | 2,
  places: Places,
  { pooled, shift }: { readonly pooled: boolean; readonly shift: number },
): Program {
  return convolveLoop(interrupts, levelBytes, places, {
    lanes: false,
    rows: (lines) => (pooled ? [upperRow(lines, places), lowerRow(lines, places, shift)] : row(lines, places, shift)),
  });
}

function row(lines: ConvolveLines, { columns: [, , third, fourth], cell, nextCell }: Places, shift: number): Item {
  const loop = label();
  return [
    lines.begin,
    [loop, lines.column(x, y, z, third), store(lines, shift, x, cell)],
    [lines.column(y, z, x, fourth), store(lines, shift, y, nextCell)],
    lines.next(loop),
  ];
}

function upperRow(lines: ConvolveLines, { columns: [, , third, fourth], cell }: Places): Item {
  const loop = label();
  return [
    "the upper windows",
    lines.begin,
    [loop, lines.column(x, y, z, third), sw(x, at(lines.window, cell))],
    [lines.column(y, z, x, fourth), keepLarger(lines, y, cell)],
    lines.next(loop),
  ];
}

function lowerRow(lines: ConvolveLines, { columns: [, , third, fourth], cellAbove }: Places, shift: number): Item {
  const [loop, larger] = [label(), label()];
  return [
    "the lower ones",
    lines.begin,
    [loop, lines.column(x, y, z, third), keepLarger(lines, x, cellAbove)],
    lines.column(y, z, x, fourth),
    [lw(value, at(lines.window, cellAbove)), bge(y, value, larger), mv(y, value), larger],
    store(lines, shift, y, cellAbove),
    lines.next(loop),
  ];
}

function store({ window }: ConvolveLines, shift: number, sum: RegisterName, cell: number): Item {
  const positive = label();
  return [shift !== 0 && srai(sum, sum, shift), bgez(sum, positive), li(sum, 0), positive, sw(sum, at(window, cell))];
}

/** What is largest so far stays. */
function keepLarger({ window }: ConvolveLines, sum: RegisterName, cell: number): Item {
  const smaller = label();
  return [lw(value, at(window, cell)), bge(value, sum, smaller), sw(sum, at(window, cell)), smaller];
}

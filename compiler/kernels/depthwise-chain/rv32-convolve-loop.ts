import type { Interrupts } from "../../ir/plan.js";
import {
  type Address,
  at,
  countDown,
  hi,
  type Item,
  type Label,
  label,
  lo,
  type Program,
  program,
  type RegisterName,
  restore,
  save,
  slots,
  symbol,
  unrelaxed,
} from "../../riscv/index.js";
import { add, addi, andi, beqz, bnez, lb, lh, li, lui, lw, mul, mv, ret, sw } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, gp, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";

/** Where assembly goes on reading: all in bytes, relative to the pointer of the loop over two windows. */
export interface Places {
  readonly lineBytes: number;
  /** A line of windows ends where the pointer has no bits of the mask; what is added to it at first for that. */
  readonly mask: number;
  readonly bias: number;
  /** To the next two windows, and from the end of a line to the next. */
  readonly step: number;
  readonly skip: number;
  /** Lines of windows, or pairs of them. */
  readonly bands: number;
  /** Four columns of values. */
  readonly columns: readonly [number, number, number, number];
  /** Where the sums of two windows go, and that of a pool of which they are the lower ones. */
  readonly cell: number;
  readonly nextCell: number;
  readonly cellAbove: number;
}

/** The sums of three windows, in turn; a product, and a value. */
export const [x, y, z, product, value] = [a2, a3, a4, a5, a1];

/** Where `sp` holds data, what has no register is in static memory; else two weights are on the stack. */
const frames = {
  disabled: slots("sp", "s0", "s1", "ra", "gp", "tp", "offset", "zero", "bands"),
  allowed: slots("tp", "s0", "s1", "ra", "w6", "w7", "offset", "zero", "bands"),
};

export const frameBytes = frames.allowed.bytes;
const state = symbol("state");

/**
 * Registers of the nine weights, in reading order, and of where the windows are: as far as possible those that short instructions
 * do not reach. Two weights are on the stack where `gp` and `sp` are not to be had, and come to where their product goes.
 */
const registers: Readonly<Record<Interrupts, { readonly window: RegisterName; readonly kernel: readonly (RegisterName | Address)[] }>> = {
  disabled: { window: sp, kernel: [s0, s1, ra, tp, t0, t1, a0, gp, t2] },
  allowed: { window: a0, kernel: [s0, s1, ra, tp, t0, t1, frames.allowed.at(sp).w6, frames.allowed.at(sp).w7, t2] },
};

/** The lines from which the loops of stages are made. */
export interface ConvolveLines {
  readonly window: RegisterName;
  /** The first two columns of a line of windows. */
  readonly begin: Item;
  /** The values of a column, accumulated for the windows of which they are in the last column, in the middle and in the first. */
  readonly column: (last: RegisterName, middle: RegisterName, first: RegisterName, at: number) => Item;
  /** Two windows further, until the line ends. */
  readonly next: (loop: Label) => Item;
}

/** The function around the rows of a stage: a0 the map, a1 the weights; with `lanes` a2 and a3, what is added to sums and taken off. */
export function convolveLoop(
  interrupts: Interrupts,
  levelBytes: 1 | 2,
  places: Places,
  { lanes, rows }: { readonly lanes: boolean; readonly rows: (lines: ConvolveLines) => Item },
): Program {
  const { window, kernel } = registers[interrupts];
  const lines: ConvolveLines = {
    window,
    begin: begin(kernel, window, places),
    column: (last, middle, first, at) => column(kernel, window, places, [last, middle, first], at),
    next: (loop) => next(window, places, loop),
  };
  const band = label();
  const [enter, leave] = interrupts === "disabled" ? [enterState, leaveState] : [enterStack, leaveStack];
  return program(
    unrelaxed(
      about(kernel, window),
      enter(places, lanes, levelBytes),
      kernel.flatMap((register, tap) => (typeof register === "string" ? [loadWeight(register, tap, levelBytes)] : [])),
      band,
      rows(lines),
      leave(band),
      ret(),
    ),
  );
}

const about = (kernel: readonly (RegisterName | Address)[], window: RegisterName): Item => {
  const [w0, w1, w2, w3, w4, w5, w6, w7, w8] = kernel.map((weight) =>
    typeof weight === "string" ? weight : weight.kind === "address" ? `${weight.offset}(${weight.base})` : weight.name,
  );
  return [
    "The kernel stays in registers, and three sums: every value is loaded once, and multiplied for the windows of which it is in",
    "the last column, in the middle and in the first. Zeros are not multiplied.",
    "",
    `  ${w0} ${w1} ${w2}                        ${x} ${y} ${z}  the sums of three windows, in turn`,
    `  ${w3} ${w4} ${w5}  the kernel            ${product} ${value}     a product, a value`,
    `  ${w6} ${w7} ${w8}                  ${window}        where the windows are`,
  ];
};

const loadWeight = (register: RegisterName, tap: number, levelBytes: 1 | 2): Item =>
  (levelBytes === 1 ? lb : lh)(register, at(a1, tap * levelBytes));

/** `to` = weight * `by`. */
function times(to: RegisterName, weight: RegisterName | Address, by: RegisterName): Item {
  return typeof weight === "string" ? mul(to, weight, by) : [lw(product, weight), mul(to, product, by)];
}

function column(
  kernel: readonly (RegisterName | Address)[],
  window: RegisterName,
  { lineBytes }: Places,
  [last, middle, first]: readonly [RegisterName, RegisterName, RegisterName],
  offset: number,
): Item {
  const [second, third, end] = [label(), label(), label()];
  const products = (row: number, of: RegisterName): Item => [
    [times(product, kernel[3 * row + 2]!, of), add(last, last, product)],
    [times(product, kernel[3 * row + 1]!, of), add(middle, middle, product)],
    times(of, kernel[3 * row]!, of),
  ];
  const lower = (row: number, skip: Label): Item => [
    lw(value, at(window, row * lineBytes + offset)),
    beqz(value, skip),
    products(row, value),
    add(first, first, value),
  ];
  return [
    [lw(first, at(window, offset), "a zero is a first sum as it is"), beqz(first, second), products(0, first)],
    [second, lower(1, third)],
    [third, lower(2, end)],
    end,
  ];
}

function begin(kernel: readonly (RegisterName | Address)[], window: RegisterName, { lineBytes, columns }: Places): Item {
  const from = (column: number, row: number): Item => lw(value, at(window, row * lineBytes + columns[column]!));
  const [w0, w1, , w3, w4, , w6, w7] = kernel as readonly (RegisterName | Address)[] & { readonly length: 9 };
  const both = (middle: RegisterName | Address, left: RegisterName | Address): Item => [
    [times(product, middle, value), add(x, x, product)],
    [times(value, left, value), add(y, y, value)],
  ];
  return [
    [from(0, 0), times(x, w0!, value)],
    [from(0, 1), times(value, w3!, value), add(x, x, value)],
    [from(0, 2), times(value, w6!, value), add(x, x, value)],
    [from(1, 0), times(product, w1!, value), add(x, x, product), times(y, w0!, value)],
    [from(1, 1), both(w4!, w3!)],
    [from(1, 2), both(w7!, w6!)],
  ];
}

const next = (window: RegisterName, { step, mask, skip }: Places, loop: Label): Item => [
  mv(y, x),
  mv(x, z),
  addi(window, window, step),
  andi(product, window, mask),
  bnez(product, loop),
  addi(window, window, skip),
];

function enterState({ bands, bias }: Places, lanes: boolean): Item {
  const slot = frames.disabled.at(t0);
  return [
    [lui(t0, hi(state)), addi(t0, t0, lo(state))],
    save(slot, sp, s0, s1, ra, gp, tp),
    [li(t1, bands), sw(t1, slot.bands, "bands left")],
    lanes && [sw(a2, slot.offset), sw(a3, slot.zero)],
    addi(sp, a0, bias),
  ];
}

function leaveState(band: Label): Item {
  const slot = frames.disabled.at(a1);
  return [[lui(a1, hi(state)), addi(a1, a1, lo(state))], countDown(a5, slot.bands, band), restore(slot, sp, s0, s1, ra, gp, tp)];
}

function enterStack({ bands, bias }: Places, lanes: boolean, levelBytes: 1 | 2): Item {
  const slot = frames.allowed.at(sp);
  return [
    addi(sp, sp, -frameBytes),
    save(slot, s0, s1, ra, tp),
    [li(a5, bands), sw(a5, slot.bands, "bands left")],
    lanes && [sw(a2, slot.offset), sw(a3, slot.zero)],
    [loadWeight(a2, 6, levelBytes), loadWeight(a3, 7, levelBytes), sw(a2, slot.w6), sw(a3, slot.w7)],
    addi(a0, a0, bias),
  ];
}

function leaveStack(band: Label): Item {
  const slot = frames.allowed.at(sp);
  return [countDown(a5, slot.bands, band), restore(slot, s0, s1, ra, tp), addi(sp, sp, frameBytes)];
}

/** What is added to the sums of two windows in a word, and then taken off each: they come to `value`, the first by way of `product`. */
export function laneConstants(interrupts: Interrupts): { readonly offset: Item; readonly zero: Item } {
  if (interrupts === "allowed") {
    const slot = frames.allowed.at(sp);
    return { offset: lw(value, slot.offset), zero: lw(value, slot.zero) };
  }
  const { offset, zero } = frames.disabled.offsets;
  return {
    offset: [lui(product, hi(state, offset)), lw(value, at(product, lo(state, offset)))],
    zero: lw(value, at(product, lo(state, zero))),
  };
}

import { at, inout, input, type Item, type Label, label, memory, namesOf, out, type Program, program } from "../../riscv/index.js";
import { add, addi, andi, beq, beqz, bgeu, bltu, bltz, bne, bnez, j, lb, li, lw, or, slli, sub, sw } from "../../riscv/instructions.js";

const operands = {
  ...{ x: inout("x"), place: inout("place"), entry: inout("entry"), left: inout("left"), d: out("d"), t: out("t") },
  ...{ zeroPoint: input("zero_point"), same: input("same"), stride: input("job->stride"), last: input("last"), full: memory("job->full") },
} as const;

const { x, place, entry, left, d, t, zeroPoint, same, stride, last, full } = namesOf(operands);

/** What an input is less than, whatever it is, when the zero point is taken off. */
const most = 255;

/** The difference in `d` becomes an entry. */
const list: Item = [sub(left, left, d), or(d, d, place), sw(d, at(entry)), addi(entry, entry, 4)];

const difference = (byte: number): Item => [lb(d, at(x, byte)), sub(d, d, zeroPoint)];

/** Lists inputs to the end, or as far as a list goes; the list is NULL where one is below the zero point. */
export function inputLister(): Program {
  const [next, four, blank, atWord, single, below, fits, skip, end] = [
    label(),
    label(),
    label(),
    label(),
    label(),
    label(),
    label(),
    label(),
    label(),
  ];
  return program(
    [
      [next, andi(t, x, 3), bnez(t, single), j(atWord)],
      [four, lw(d, at(x)), beq(d, same, blank, "nothing but the zero point")],
      [lw(t, full), addi(t, t, -16), bltu(t, entry, single), li(t, 4 * most), bltu(left, t, single)],
      [0, 1, 2, 3].map((byte) => listByte(byte, below)),
      [addi(x, x, 4), j(atWord)],
      [blank, slli(t, stride, 2), add(place, place, t), addi(x, x, 4)],
      [atWord, bltu(x, last, four), addi(t, last, 3), beq(x, t, end)],
      [single, lw(t, full, "one input"), beq(entry, t, end)],
      [difference(0), beqz(d, skip), bgeu(left, d, fits), li(t, most), bgeu(t, d, end)],
      [below, li(entry, 0, "below the zero point"), j(end)],
      [fits, list],
      [skip, add(place, place, stride), addi(x, x, 1), addi(t, last, 3), bne(x, t, next)],
      end,
    ],
    operands,
  );
}

function listByte(byte: number, below: Label): Item {
  const blank = label();
  return [difference(byte), beqz(d, blank), bltz(d, below), list, blank, add(place, place, stride)];
}

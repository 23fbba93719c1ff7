import {
  align,
  at,
  countDown,
  inout,
  input,
  type Item,
  type Label,
  label,
  memory,
  memoryInout,
  namesOf,
  out,
  type Program,
  program,
} from "../../riscv/index.js";
import { add, addi, beq, bltu, bltz, bnez, lb, lw, or, sub, sw } from "../../riscv/instructions.js";

const moving = { x: inout("x"), place: inout("place") };
const counting = { left: inout("left"), entry: inout("entry"), d: out("d") };
/** `plane` is from behind the last row of a plane to the next. */
const fixed = {
  ...{ stride: input("job->stride"), line: input("job->line"), zeroPoint: input("zero_point"), full: input("full") },
  plane: memory("job->plane"),
};

/** Lists the inputs of a window that are above the zero point, until a further band of it may not have room. */
export const listWindow = (rows: number, columns: number, banded: boolean): Program =>
  banded ? listBands(rows, columns) : listPlanes(rows, columns);

/** A band is a plane of the window. */
function listPlanes(rows: number, columns: number): Program {
  const operands = { ...moving, planes: inout("planes"), ...counting, ...fixed };
  const { planes } = namesOf(operands);
  const [loop, end] = [label(), label()];
  return program([align(4), loop, full(end), band(rows, columns), nextPlane, addi(planes, planes, -1), bnez(planes, loop), end], operands);
}

/** A plane has several bands. */
function listBands(rows: number, columns: number): Program {
  const operands = {
    ...moving,
    planes: memoryInout("planes"),
    ...counting,
    bands: inout("bands"),
    ...fixed,
    height: memory("job->bands"),
  };
  const { d, planes, bands, height } = namesOf(operands);
  const [loop, end] = [label(), label()];
  return program(
    [
      [align(4), loop, full(end), band(rows, columns)],
      [addi(bands, bands, -1), bnez(bands, loop), lw(bands, height)],
      nextPlane,
      countDown(d, planes, loop),
      end,
    ],
    operands,
  );
}

const { x, place, left, entry, d, stride, line, zeroPoint, full: lastEntry, plane } = namesOf({ ...moving, ...counting, ...fixed });

/** Leaves where the inputs listed add up to too much, or the list has no room for a band. */
const full = (end: Label): Item => [bltz(left, end), bltu(lastEntry, entry, end)];

const nextPlane: Item = [lw(d, plane), add(x, x, d)];

const band = (rows: number, columns: number): Item =>
  Array.from({ length: rows }, () => [Array.from({ length: columns }, (_, column) => listInput(column)), add(x, x, line)]);

function listInput(column: number): Item {
  const blank = label();
  return [
    lb(d, at(x, column)),
    beq(d, zeroPoint, blank),
    sub(d, d, zeroPoint),
    sub(left, left, d),
    or(d, d, place),
    sw(d, at(entry)),
    addi(entry, entry, 4),
    blank,
    add(place, place, stride),
  ];
}

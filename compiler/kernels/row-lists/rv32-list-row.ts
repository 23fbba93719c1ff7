import {
  align,
  at,
  type Item,
  label,
  type Label,
  type Program,
  program,
  type RegisterName,
  restore,
  save,
  slots,
} from "../../riscv/index.js";
import {
  add,
  addi,
  andi,
  beqz,
  bne,
  bnez,
  j,
  jr,
  la,
  lbu,
  li,
  lw,
  mv,
  ret,
  sb,
  sh,
  slli,
  srli,
  sub,
  sw,
} from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, ra, s0, s1, sp, t0, t1, t2, tp } from "../../riscv/registers.js";
import { listJob, recordBytes } from "./row-layout.js";

/** The ends of the lists, that of the lowest plane first. */
const lists: readonly RegisterName[] = [t0, t1, t2, tp];

const [record, cases, sum, place, value] = [a1, ra, a4, a5, s1];

const frame = slots("job", "columns", "words", "s0", "s1", "ra", "tp");

/** Bytes of the code for each value, among which it jumps. */
const caseBytes = 32;

/** Lists a row of nibbles: `a0` its words, `a1` the records, `a2` the job. */
export function listNibbles(planes: number): Program {
  const [word, first] = [s0, a2];
  const slot = frame.at(sp);
  const field = listJob(planes).at(s0);
  const [table, nextWord, empty, nibble, wordDone, pixelDone] = [label(), label(), label(), label(), label(), label()];
  const append = (last: boolean): Item => [srli(word, word, 4), addi(place, place, 1), bnez(word, nibble), !last && j(wordDone)];
  return listRow(planes, {
    table,
    about: `${word} a word of a pixel    ${value} a value    ${place} its place    ${first} that of the pixel's first    ${sum} of all values so far`,
    begin: [],
    pixel: [
      [lw(s0, slot.job), lw(s1, field.words), sw(s1, slot.words), mv(place, first)],
      [nextWord, lw(word, at(a0)), addi(a0, a0, 4), beqz(word, empty)],
      [nibble, andi(value, word, 15), jumpInto(table, planes, append)],
      [wordDone, lw(s1, slot.words), addi(s1, s1, -1), sw(s1, slot.words), beqz(s1, pixelDone)],
      [
        sub(place, place, first, "on to the next eight"),
        addi(place, place, 7),
        andi(place, place, -8),
        add(place, place, first),
        j(nextWord),
      ],
      [empty, lw(s1, slot.words), addi(s1, s1, -1), sw(s1, slot.words), addi(place, place, 8), bnez(s1, nextWord)],
      [pixelDone, lw(s0, slot.job), lw(s1, field.channels), add(first, first, s1)],
    ],
  });
}

/** Lists a row of bytes, channel by channel: `a0` the first, `a1` the records, `a2` the job. */
export function listBytes(planes: number): Program {
  const [from, end, area] = [s0, a2, a3];
  const slot = frame.at(sp);
  const field = listJob(planes).at(s0);
  const [table, next, listed, pixelDone] = [label(), label(), label(), label()];
  const append = (last: boolean): Item => [addi(place, place, 1), bne(place, end, next), !last && j(pixelDone)];
  return listRow(planes, {
    table,
    about: `${from} the next channel's value    ${value} a value    ${place} its place    ${end} that of the next pixel's first    ${sum} of all values so far`,
    begin: li(place, 0),
    pixel: [
      [lw(s0, slot.job), lw(s1, field.channels), add(end, end, s1), lw(area, field.area), mv(from, a0), addi(a0, a0, 1)],
      [next, lbu(value, at(from)), add(from, from, area), bnez(value, listed), addi(place, place, 1), bne(place, end, next), j(pixelDone)],
      [listed, jumpInto(table, planes, append)],
      pixelDone,
    ],
  });
}

interface Reader {
  /** What to do with a value of 0. */
  readonly table: Label;
  readonly about: string;
  readonly begin: Item;
  /** Lists a pixel; reached once a column. */
  readonly pixel: Item;
}

function listRow(planes: number, { table, about, begin, pixel }: Reader): Program {
  const [given, slot] = [listJob(planes), frame.at(sp)];
  const ends = lists.slice(0, planes);
  const base = a3;
  const [column, rowDone] = [label(), label()];
  return program([
    about,
    `${ends.join(", ")} ends of the lists, from the lowest plane on    ${record} record    ${cases} what to do with a value of 0`,
    [addi(sp, sp, -frame.bytes), save(slot, s0, s1, ra, tp), sw(a2, slot.job)],
    ends.map((end, plane) => lw(end, at(a2, given.offsets.lists + 4 * plane))),
    [lw(s1, given.at(a2).columns), sw(s1, slot.columns), li(a2, 0), li(sum, 0), begin, la(cases, table)],
    [column, lw(s0, slot.job), lw(base, given.at(s0).base)],
    ends.toReversed().map((end, index) => [sub(s1, end, base), sh(s1, at(record, 2 * index))]),
    [sh(sum, at(record, 2 * planes)), addi(record, record, recordBytes(planes))],
    [lw(s1, slot.columns), beqz(s1, rowDone), addi(s1, s1, -1), sw(s1, slot.columns)],
    [pixel, j(column)],
    [rowDone, restore(slot, s0, s1, ra, tp), addi(sp, sp, frame.bytes), ret()],
  ]);
}

/** Goes to the code for a value, which adds its place to the list of each set bit and then goes on. */
const jumpInto = (table: Label, planes: number, append: (last: boolean) => Item): Item => [
  [add(sum, sum, value), slli(value, value, Math.log2(caseBytes)), add(value, value, cases), jr(value)],
  Array.from({ length: 2 ** planes }, (_, code) => [
    [align(caseBytes), code === 0 && table],
    lists
      .slice(0, planes)
      .filter((_, plane) => (code >> plane) % 2 === 1)
      .map((end) => [sb(place, at(end)), addi(end, end, 1)]),
    append(code === 2 ** planes - 1),
  ]),
];

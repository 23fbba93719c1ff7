import {
  align,
  at,
  bytes,
  distance,
  hi,
  type Item,
  type Label,
  label,
  lo,
  type Program,
  program,
  relaxed,
  symbol,
  unrelaxed,
  word,
} from "../../riscv/index.js";
import { add, addi, j, jr, lhu, lui, lw, mv } from "../../riscv/instructions.js";
import { a0, a1, a2, a3, a4, a5, s1, t0 } from "../../riscv/registers.js";
import type { CodeRegisters } from "./code-registers.js";

/** Where the windows of a map lie, in bytes. */
export interface Lines {
  /** What a value is loaded by. */
  readonly load: "lw" | "lhu";
  /** From value to value, from line to line, and from where the windows of a line end to the next. */
  readonly step: number;
  readonly line: number;
  readonly skip: number;
  /** Where the windows of the first line end, and those of the last. */
  readonly lineEnd: number;
  readonly lastEnd: number;
  /** From sum to sum. */
  readonly outStep: number;
}

/** What stages do differently. */
export interface Stage {
  /** What the constants of the loop are in, as a comment says it. */
  readonly constants: string;
  /** Puts the sum in s0 where it goes. */
  readonly storeSum: Item;
  /** At the end of a line; the code begins a line at `line`. */
  readonly endLine: (line: Label) => Item;
  /** Once, before the first line: a0 in, a1 out, a3, s0 the sum of a window of equal values. */
  readonly enter: Item;
}

/** The loop of a stage over its windows, which is copied to RAM behind the code of a kernel; `run` copies it. */
export function generatedLoop({ seventh, eighth, at: window, to }: CodeRegisters, lines: Lines, stage: Stage): Program {
  const { step, line, skip, outStep } = lines;
  const load = { lw, lhu }[lines.load];
  const [loop, column, branch, lineBegin, end] = [label(), label(), label(), label(), label()];
  return program([
    "The window: a value each for the weights, column by column; s0 their sum.",
    "",
    `  s1 a2 a5                  ${window} the window   ${to} where its sum goes   ra ${window} at the end of the line`,
    `  a0 a3 ${seventh}`,
    `  a1 a4 ${eighth}                  ${stage.constants}`,
    unrelaxed(
      lui(t0, hi(loop)),
      addi(t0, t0, lo(loop)),
      j(symbol("run")),
      "",
      relaxed("the linker aligns: it may shorten what lies before", align(4)),
      bytes(distance(loop, end), distance(loop, branch), distance(loop, lineBegin), 0),
      loop,
      stage.storeSum,
      addi(to, to, outStep),
      addi(window, window, step),
      column,
      mv(s1, a2, "the window a column further"),
      [mv(a0, a3), mv(a1, a4), mv(a2, a5), mv(a3, seventh), mv(a4, eighth)],
      load(a5, at(window, 2 * step)),
      load(seventh, at(window, line + 2 * step)),
      load(eighth, at(window, 2 * line + 2 * step)),
      branch,
      word(0, "to the code, until the line ends"),
      addi(window, window, skip),
      stage.endLine(lineBegin),
      load(a2, at(window, 0), "two columns of a line"),
      load(a3, at(window, line)),
      load(a4, at(window, 2 * line)),
      load(a5, at(window, step)),
      load(seventh, at(window, line + step)),
      load(eighth, at(window, 2 * line + step)),
      j(column),
      end,
      "from here on in flash: the way to the first line",
      stage.enter,
      mv(to, a1),
      mv(window, a0),
      jr(a5),
    ),
  ]);
}

/** Goes back to C. */
export const leave: Item = [lui(s1, hi(symbol("run", "leave"))), jr(at(s1, lo(symbol("run", "leave"))))];

/** For a loop over one half of the words that it reads: a3 is 0 or 2. */
export const chooseHalf: Item = add(a0, a0, a3, "the lower or the upper half of words");

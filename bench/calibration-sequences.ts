import { code, table } from "../runtime/markdown.js";
import { flash, machineOf, ram } from "../runtime/simulator/testing/program.js";

/** A measured sequence of instructions, as bench/published.yaml has it. */
export interface Sequence {
  readonly memory: "ram" | "flash";
  readonly waitStates: number;
  readonly loop?: number;
  readonly times?: number;
  readonly code?: readonly string[];
  readonly cycles: number;
}

/** Cycles of one turn of a loop around a body, in a memory. */
function turn(body: string, { memory, waitStates }: Sequence): number {
  const turns = 100;
  const address = memory === "ram" ? ram.base + 0x100 : 0x100;
  const machine = machineOf(`start:\n${body}\n c.addi a0, -1\n c.bnez a0, start\n ebreak`, { address, memories: [flash(waitStates), ram] });
  const run = (count: number): number => {
    machine.reset();
    machine.registers[10] = count;
    machine.registers[12] = ram.base + 0x700;
    machine.run();
    return machine.cycles();
  };
  return (run(2 * turns) - run(turns)) / turns;
}

function measure(sequence: Sequence): number {
  const { loop, times = 1, code: lines = [] } = sequence;
  if (loop !== undefined) return turn("c.nop\n".repeat(loop), sequence);
  const body = lines.map((line) => (line === "nop" ? "addi zero, zero, 0" : line)).join("\n");
  return turn(`${body}\n`.repeat(times), sequence) - turn("", sequence);
}

const nameOf = ({ loop, times, code: lines = [] }: Sequence): string =>
  loop === undefined ? `${times} × ${lines.map(code).join(", ")}` : `a loop around ${loop} ${code("c.nop")}`;

/** The rows of docs/calibration.md: code, where it lies, cycles on the chip and in the simulator. */
export const sequenceTable = (sequences: readonly Sequence[]): string =>
  table(["Code", "In", "Chip", "Simulator", "Difference"], sequences.map(rowOf));

function rowOf(sequence: Sequence): readonly string[] {
  const found = measure(sequence);
  const place = sequence.memory === "ram" ? "SRAM" : `flash, ${sequence.waitStates} wait state${sequence.waitStates === 1 ? "" : "s"}`;
  return [
    nameOf(sequence),
    place,
    String(sequence.cycles),
    String(found),
    found === sequence.cycles ? "exact" : percent(found / sequence.cycles - 1),
  ];
}

/** A difference with its sign: `+2.9%`. */
export const percent = (share: number): string => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}%`;

import type { Machine } from "../index.js";
import type { TraceEntry } from "./qemu.js";

/** The state of our machine before each of the next instructions. */
export function trace(machine: Machine, steps: number): readonly TraceEntry[] {
  return Array.from({ length: steps }, (_, step) => {
    if (step > 0) machine.run({ maxInstructions: 1 });
    return [machine.pc() | 0, ...machine.registers.subarray(1, 16)];
  });
}

/** The first entries that differ, with the one before, as text; empty when the traces agree. */
export function difference(ours: readonly TraceEntry[], theirs: readonly TraceEntry[]): string {
  const at = theirs.findIndex((entry, i) => entry.some((value, j) => value !== ours[i]![j]));
  const show = (entry: TraceEntry | undefined): string => (entry ?? []).map((value) => (value >>> 0).toString(16)).join(" ");
  return at < 0 ? "" : `step ${at}\nbefore ${show(ours[at - 1])}\nours   ${show(ours[at])}\nqemu   ${show(theirs[at])}`;
}

import type { Firmware } from "../firmware/build.js";
import { emulate } from "../firmware/emulate.js";
import { simulate, type Simulation } from "../firmware/simulate.js";
import type { Emulator } from "#compiler/ir/target.js";
import { type Mismatch, mismatchesOf, type Subject } from "./verify.js";

/** How the answers of a chip compare with the reference. */
export interface ChipVerification {
  readonly samples: number;
  readonly mismatches: number;
  /** The first few of them. */
  readonly first: readonly Mismatch[];
}

/** The linked image on the simulated chip: what it did, and every class and logit against the reference. */
export function verifyOnChip(
  subject: Subject,
  firmware: Firmware,
  report?: (done: number) => void,
): ChipVerification & { readonly simulation: Simulation } {
  const simulation = simulate(firmware, subject, report);
  return { ...compared(subject, doubledClasses(simulation.answers, subject.count)), simulation };
}

/** The model in the target's emulator, against the reference. */
export const verifyInEmulator = (subject: Subject, emulator: Emulator): ChipVerification =>
  compared(subject, emulate(subject, emulator, subject));

function compared(subject: Subject, answers: Buffer): ChipVerification {
  const found = mismatchesOf(subject, answers);
  return { samples: subject.count, mismatches: found.length, first: found.slice(0, 5) };
}

/** The simulator is only asked for class and logits together. */
function doubledClasses(answers: Int32Array, count: number): Buffer {
  const width = answers.length / count;
  const rows = Array.from({ length: count }, (_, i) => [answers[i * width]!, ...answers.subarray(i * width, (i + 1) * width)]);
  return Buffer.from(Int32Array.from(rows.flat()).buffer);
}

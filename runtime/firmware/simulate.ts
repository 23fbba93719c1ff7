import { layerOf } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { Failure } from "../failure.js";
import {
  type FunctionProfile,
  type Image,
  type Interruptions,
  loadElf,
  type Machine,
  type MachineOptions,
  symbolAddress,
} from "../simulator/index.js";
import type { Firmware } from "./build.js";
import { machineOf } from "./machine.js";
import { type StepCycles, stepClock } from "./steps.js";

/** What main.c and the emitted file call the memories of a plan. */
export const demoSymbols = { input: "demo_input", logits: "demo_logits", arena: "arena" } as const;

/** Inputs of a network, one after the other. */
export interface Samples {
  readonly inputs: Int8Array;
  readonly count: number;
}

/** What a firmware did on the simulated chip. */
export interface Simulation {
  /** For each sample its class and its logits, one row after the other. */
  readonly answers: Int32Array;
  /** Of each inference. */
  readonly cycles: readonly number[];
  /** Means of an inference. */
  readonly steps: readonly StepCycles[];
  readonly functions: readonly FunctionCycles[];
  /** The deepest stack of any inference, in bytes. */
  readonly stack: number;
}

export interface FunctionCycles {
  readonly name: string;
  /** A profile, as means of an inference: calls and self cycles. */
  readonly calls: number;
  readonly cycles: number;
}

/** A firmware on a simulated chip that has started. */
export interface Running {
  readonly machine: Machine;
  /** One inference, interrupted as asked for: its class, its logits and its cycles. */
  infer(input: Int8Array, interruptions?: Interruptions): { readonly value: number; readonly logits: Int32Array; readonly cycles: number };
}

/** Starts the linked image on the simulated chip as power-up does. */
export function powerUp({ plan, linked }: Firmware, options: Pick<MachineOptions, "onJump" | "onReturn"> = {}): Running {
  const image = loadElf(linked.elf, `${plan.network.name}.elf`);
  const [input, logits] = [addressOf(image, demoSymbols.input), addressOf(image, demoSymbols.logits)];
  const classes = sizeOf(layerOf(plan.network, plan.network.result).type.shape);
  const machine = machineOf(plan.target, image, options);
  start(machine, image);
  return {
    machine,
    infer: (values, interruptions) => {
      machine.write(input, new Uint8Array(values.buffer, values.byteOffset, values.length));
      const { value, cycles } = machine.call(plan.entry, [input, logits], { interruptions });
      return { value, logits: new Int32Array(machine.read(logits, 4 * classes).buffer), cycles };
    },
  };
}

/**
 * Gives the model's function one sample after the other. Throws a `Fault` when the firmware does what the chip cannot
 * do.
 */
export function simulate(firmware: Firmware, { inputs, count }: Samples, report: (done: number) => void = () => undefined): Simulation {
  const clock = stepClock(firmware.plan);
  const { machine, infer } = powerUp(firmware, { onReturn: clock.returned });
  const size = inputs.length / count;
  const rows: number[][] = [];
  const cycles: number[] = [];
  for (let sample = 0; sample < count; sample++) {
    const { value, logits, cycles: spent } = infer(inputs.subarray(sample * size, (sample + 1) * size));
    clock.finish(spent);
    cycles.push(spent);
    rows.push([value, ...logits]);
    report(sample + 1);
  }
  return {
    answers: Int32Array.from(rows.flat()),
    cycles,
    steps: clock.means(),
    functions: meansOf(machine.profile(), count),
    stack: machine.stackUsed(),
  };
}

/** The copies and parts that GCC makes of a function, marked with a dot, count as the function. */
function meansOf(profile: readonly FunctionProfile[], count: number): readonly FunctionCycles[] {
  const means = new Map<string, FunctionCycles>();
  for (const { name: copy, calls, exclusive } of profile) {
    const name = copy.split(".")[0]!;
    const before = means.get(name) ?? { calls: 0, cycles: 0 };
    means.set(name, { name, calls: before.calls + calls / count, cycles: before.cycles + exclusive / count });
  }
  return [...means.values()];
}

/** Runs start-up code and board code, up to `main`. */
function start(machine: Machine, image: Image): void {
  const reason = machine.run({ until: addressOf(image, "main"), maxInstructions: 1e7 });
  if (reason !== "until")
    throw new Failure(
      `the firmware does not reach main: it stopped with ${reason}`,
      "this is a mistake of bnmc: please report it with the model",
    );
  machine.forget();
}

function addressOf(image: Image, name: string): number {
  const address = symbolAddress(image, name);
  if (address === undefined)
    throw new Failure(`the firmware has no symbol ${name}`, "this is a mistake of bnmc: please report it with the model");
  return address;
}

/** Runs the whole firmware, from reset to the end of main; what it printed. */
export function consoleOf({ plan, linked }: Firmware): string {
  const machine = machineOf(plan.target, loadElf(linked.elf, `${plan.network.name}.elf`));
  const reason = machine.run();
  if (reason === "idle") return machine.output();
  throw new Failure(
    `the firmware does not come to its end: it stopped with ${reason}, having printed:\n${machine.output()}`,
    "this is a mistake of bnmc: please report it with the model",
  );
}

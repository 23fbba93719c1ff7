import type { Memory, Target, Timing } from "#compiler/ir/target.js";
import { Failure } from "../failure.js";
import { createMachine, type Image, type Isa, type Machine, type MachineOptions, type MemorySpec } from "../simulator/index.js";
import { chipOf } from "./sources.js";

/** A simulated chip of a target with an image in its flash; a `Failure` where cycles are not modelled. */
export function machineOf(target: Target, image: Image, options: Partial<MachineOptions> = {}): Machine {
  const { flash, ram } = chipOf(target);
  const memories = [memorySpec("flash", flash, false), memorySpec("RAM", ram, true)];
  return createMachine({ image, isa: isaOf(target.core), memories, timing: timingOf(target), ...options });
}

export function timingOf(target: Target): Timing {
  const { timing, emulator } = chipOf(target);
  if (timing !== undefined) return timing;
  const remedy =
    emulator === undefined
      ? "give its target.yaml a `timing`"
      : `\`bnmc verify --target ${target.name}\` runs it in ${emulator.command}, for correctness`;
  throw new Failure(`the cycles of ${target.name} are not modelled`, remedy);
}

const memorySpec = (name: string, { address, bytes, alias, waitStates }: Memory, writable: boolean): MemorySpec => ({
  ...{ name, base: address, size: bytes, writable, waitStates },
  ...(alias === undefined ? {} : { aliases: [alias] }),
});

/** `rv32ec_zmmul` as the simulator knows it. */
export function isaOf(core: string): Isa {
  const [, base, multiply, compressed, zmmul] = /^rv32([ei])(m?)(c?)(_zmmul)?$/.exec(core) ?? [];
  if (base === undefined)
    throw new Failure(`the simulator does not know the core ${core}`, "it knows rv32e and rv32i with m, c and _zmmul");
  return {
    embedded: base === "e",
    compressed: compressed === "c",
    multiply: multiply === "m" ? "M" : zmmul === undefined ? "none" : "Zmmul",
  };
}

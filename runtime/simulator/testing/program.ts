import { loadTarget } from "../../targets.js";
import { createMachine, type Image, type Isa, type Machine, type MachineOptions, type MemorySpec } from "../index.js";
import { assemble, labelsOf } from "#compiler/riscv/testing/assemble.js";

/** The core, the memories and the cycles of a ch32v003. */
export const rv32ec: Isa = { embedded: true, compressed: true, multiply: "none" };

export const qingKeV2 = loadTarget("ch32v003").chip!.timing!;

export const flash = (waitStates: number): MemorySpec => ({
  ...{ name: "flash", base: 0, size: 0x4000, aliases: [0x08000000], writable: false, waitStates },
});

export const ram: MemorySpec = { name: "ram", base: 0x20000000, size: 0x800, writable: true, waitStates: 0 };

/** An image of assembly text at an address; every label is a function. */
export function imageOf(source: string, address: number): Image {
  const bytes = assemble(source, address);
  const section = { name: ".text", address, size: bytes.length, allocated: true, executable: true, stored: true };
  const symbols = [...labelsOf(source, address)].map(([name, at]) => ({ name, address: at, size: 0, kind: "label" as const }));
  return {
    entry: address,
    segments: [{ physical: address, virtual: address, bytes, memorySize: bytes.length }],
    sections: [section],
    symbols,
  };
}

/** A ch32v003, or what the options make of it, with assembly text in its flash or at another address. */
export function machineOf(
  source: string,
  { address = 0, ...options }: Partial<MachineOptions> & { readonly address?: number } = {},
): Machine {
  const image = imageOf(source, address);
  const machine = createMachine({ image, isa: rv32ec, memories: [flash(1), ram], timing: qingKeV2, ...options });
  machine.initialize();
  return machine;
}

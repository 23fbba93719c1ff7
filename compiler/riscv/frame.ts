import { addi, bnez, lw, sw } from "./instructions.js";
import type { Address, Item, Label } from "./program.js";
import type { Register, RegisterName } from "./registers.js";

/** Frame slots that have the names of registers. */
type Slots<N extends RegisterName> = Readonly<Record<N, Address>>;

/** Stores registers in the slots of their names. */
export const save = <const N extends RegisterName>(slots: Slots<N>, ...registers: readonly N[]): Item =>
  registers.map((register) => sw(register, slots[register]));

/** Loads registers from the slots of their names; one that the slots are relative to comes last. */
export const restore = <const N extends RegisterName>(slots: Slots<N>, ...registers: readonly N[]): Item =>
  registers.map((register) => lw(register, slots[register]));

/** Takes one off a counter in memory, and branches while something is left. */
export const countDown = (scratch: Register, counter: Address, loop: Label): Item => [
  lw(scratch, counter),
  addi(scratch, scratch, -1),
  sw(scratch, counter),
  bnez(scratch, loop),
];

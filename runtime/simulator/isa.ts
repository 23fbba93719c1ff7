/** Which RISC-V a core speaks. */
export interface Isa {
  /** RV32E: only x0 to x15. */
  readonly embedded: boolean;
  readonly compressed: boolean;
  /** Zmmul multiplies; M divides too. */
  readonly multiply: "none" | "Zmmul" | "M";
}

/** The names of the calling convention, by register number. */
export const registerNames: readonly string[] = [
  ...["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"],
  ...["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"],
  ...["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"],
];

/** Register numbers the simulator itself has to know. */
export const link = 1;
export const stackPointer = 2;
export const globalPointer = 3;
export const threadPointer = 4;
export const alternateLink = 5;
export const firstArgument = 10;

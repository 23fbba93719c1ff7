/** The integer registers by the names of the calling convention, in the order of their numbers. */
export const registerNames = [
  ...(["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"] as const),
  ...(["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"] as const),
  ...(["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"] as const),
] as const;

export type RegisterName = (typeof registerNames)[number];

/** A register by its name, or `%[x]`: the one in which a C compiler keeps an operand of extended assembly. */
export type Register = RegisterName | `%[${string}]`;

/** Each by its own name, for the lines of assembly. */
export const [zero, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7] = registerNames;

export const numberOf = (name: RegisterName): number => registerNames.indexOf(name);

/** What calling convention and simulator mean by these. */
export const link = numberOf("ra");
export const stackPointer = numberOf("sp");
export const globalPointer = numberOf("gp");
export const threadPointer = numberOf("tp");
export const alternateLink = numberOf("t0");
export const firstArgument = numberOf("a0");

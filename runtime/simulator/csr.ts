/** Control and status registers: the standard counters and trap registers, and those of QingKe cores, which only remember. */
export interface ControlRegisters {
  /** Undefined for a register the core does not have. */
  readonly read: (number: number, now: Counters) => number | undefined;
  /** False for a register the core does not have or that only counts. */
  readonly write: (number: number, value: number) => boolean;
}

export interface Counters {
  readonly cycles: number;
  readonly instructions: number;
}

const remembered = {
  ...{ mstatus: 0x300, misa: 0x301, mie: 0x304, mtvec: 0x305, mscratch: 0x340, mepc: 0x341, mcause: 0x342, mtval: 0x343, mip: 0x344 },
  ...{ mcountinhibit: 0x320, gintenr: 0x800, intsyscr: 0x804, corecfgr: 0xbc0, dcsr: 0x7b0, dpc: 0x7b1 },
} as const;

const identities: readonly number[] = [0xf11, 0xf12, 0xf13, 0xf14];

/** Where `mret` returns to. */
export const exceptionProgramCounter = remembered.mepc;

/** Each with its machine-mode number and its user-mode number. */
const counters: readonly (readonly [numbers: readonly number[], value: (now: Counters) => number])[] = [
  [[0xb00, 0xc00, 0xc01], ({ cycles }) => cycles | 0],
  [[0xb80, 0xc80, 0xc81], ({ cycles }) => (cycles / 2 ** 32) | 0],
  [[0xb02, 0xc02], ({ instructions }) => instructions | 0],
  [[0xb82, 0xc82], ({ instructions }) => (instructions / 2 ** 32) | 0],
];

export function createControlRegisters(): ControlRegisters {
  const values = new Map<number, number>(Object.values(remembered).map((number) => [number, 0]));
  const read = (number: number, now: Counters): number | undefined => {
    const counter = counters.find(([numbers]) => numbers.includes(number));
    return counter?.[1](now) ?? values.get(number) ?? (identities.includes(number) ? 0 : undefined);
  };
  const write = (number: number, value: number): boolean => values.has(number) && values.set(number, value) !== undefined;
  return { read, write };
}

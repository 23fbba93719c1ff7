import type { Target } from "../ir/target.js";

/** An instruction set that families may have assembly for, beside the C that every compiler takes. */
export interface InstructionSet {
  /** What its files in families are called: `armv6m.ts`, `rv32-add-products.ts`. */
  readonly name: string;
  readonly title: string;
  /** The cores of targets that have it. */
  readonly cores: RegExp;
  /** The C condition under which a compiler takes its assembly, and what is added where the core multiplies. */
  readonly condition: string;
  readonly multiplies?: string;
}

/** The one that contexts have programs of. */
const ownIsa = "rv32";

const instructionSets: readonly InstructionSet[] = [
  {
    name: ownIsa,
    title: "RISC-V",
    cores: /^rv32/,
    condition: "defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_compressed)",
    multiplies: "(defined(__riscv_mul) || defined(__riscv_zmmul))",
  },
  { name: "armv6m", title: "ARMv6-M", cores: /^armv6m/, condition: "defined(__thumb__)" },
];

/** That of a target's core; undefined where it is any machine with a C compiler, and where no family has assembly for it. */
export const instructionSetOf = ({ core }: Target): InstructionSet | undefined => instructionSets.find(({ cores }) => cores.test(core));

/** Whether programs of contexts run there; elsewhere kernels are C, unless a file of their family has other assembly. */
export const runsOwnAssembly = (target: Target): boolean => instructionSetOf(target)?.name === ownIsa;

/** Whether the core is RV32E with compressed instructions: 16 registers, which loops that hold all of them count on. */
export const isEmbeddedRiscv = ({ core }: Target): boolean => core.startsWith("rv32ec");

import { operationOf } from "./operations.js";
import type { Line, Machine, Program } from "./program.js";
import type { Register, RegisterName } from "./registers.js";

type Instruction = Extract<Line, { readonly kind: "instruction" }>;

const instructionsOf = ({ lines }: Program): readonly Instruction[] => lines.filter((line) => line.kind === "instruction");

const machineOf = (program: Program): readonly Machine[] => instructionsOf(program).flatMap(({ machine }) => machine);

/** The register that an instruction changes. */
const writes = ({ mnemonic, rd }: Machine): Register | undefined =>
  operationOf[mnemonic].fields.rd === undefined || rd === "zero" ? undefined : rd;

/** Registers that the program changes, whether it restores them or not; those that C chooses are left out. */
export function written(program: Program): readonly RegisterName[] {
  const all = [...machineOf(program).map(writes), ...(program.elsewhere ?? [])];
  return [...new Set(all.filter((register): register is RegisterName => register !== undefined && !register.startsWith("%")))];
}

/** Registers that differ after the program: all that it changes but those that it keeps in memory or another register meanwhile. */
export const clobbered = (program: Program): readonly RegisterName[] =>
  written(program).filter((register) => !isRestored(machineOf(program), register));

function isRestored(all: readonly Machine[], register: RegisterName): boolean {
  const first = all.find(({ rd, rs1, rs2 }) => [rd, rs1, rs2].includes(register));
  const last = all.findLast((machine) => writes(machine) === register);
  if (first === undefined || last === undefined) return false;
  if (register === "sp" && all.every((machine) => writes(machine) !== "sp" || isAdjustment(machine))) return true;
  if (first.mnemonic === "sw") return first.rs2 === register && last.mnemonic === "lw" && last.immediate === first.immediate;
  const isKept = isCopy(first) && isCopy(last) && first.rs1 === register && first.rd === last.rs1;
  return isKept && all.filter((machine) => writes(machine) === first.rd).length === 1;
}

const isCopy = ({ mnemonic, immediate }: Machine): boolean => mnemonic === "addi" && immediate === 0;

const isAdjustment = ({ mnemonic, rd, rs1 }: Machine): boolean => mnemonic === "addi" && rd === "sp" && rs1 === "sp";

/**
 * Registers that compiled code never changes and this program does, so that handlers of interrupts must not rely on them. The stack
 * pointer is none of them as long as it points to a frame.
 */
export function borrowed(program: Program): readonly ("gp" | "sp" | "tp")[] {
  const changed = instructionsOf(program).flatMap(({ frame, machine }) =>
    machine.filter((one) => !(writes(one) === "sp" && (frame || isAdjustment(one) || one.mnemonic === "lw"))),
  );
  const all = changed.map(writes);
  return (["gp", "sp", "tp"] as const).filter((register) => all.includes(register));
}

/** Bytes of stack that the program itself makes room for, at the deepest. */
export function stackBytes(program: Program): number {
  let depth = 0;
  let deepest = 0;
  for (const machine of machineOf(program)) {
    if (!isAdjustment(machine) || typeof machine.immediate !== "number") continue;
    depth -= machine.immediate;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

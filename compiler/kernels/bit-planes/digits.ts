import { struct } from "../../riscv/index.js";
import { routine } from "../routine.js";

/** The C struct by which inputs are listed by their binary digits: those of one digit a list. */
export const digits = struct({
  x: ["const int8_t *", "the next input to be listed"],
  end: ["const int8_t *", "of the inputs"],
  index: ["uint32_t", "the number of *x, below 256"],
  zero_point: "int32_t",
  lists: ["uint8_t *", "list 0 is of ones"],
  ends: "uint8_t *[8]",
  capacity: ["uint32_t", "how many inputs each list has room for"],
});

export const digitsRoutine = routine("bit-planes/routines/digits", { context: { members: digits.members }, code: 0 });

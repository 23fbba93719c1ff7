import type { Plan } from "#compiler/ir/plan.js";
import { type Interruptions, type Machine, symbolAddress, threadPointer } from "../../simulator/index.js";

/** Bytes of a handler's frame: the registers that a call may change, and locals. */
export const handlerFrame = 96;

/** What handlers rely on, as far as the plan does not say that it borrows it. */
export function pointersOf({ image, registers }: Machine, { borrowed }: Plan): NonNullable<Interruptions["pointers"]> {
  const gp = borrowed.includes("gp") ? undefined : symbolAddress(image, "__global_pointer$");
  const tp = borrowed.includes("tp") ? undefined : registers[threadPointer];
  return { gp, tp };
}

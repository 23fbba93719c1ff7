import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Lets go of what nobody holds any longer. Samples lie outside of V8's heap, and so does what reading and changing
 * them leaves behind: tens of megabytes that it would keep until the heap itself is short of room.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

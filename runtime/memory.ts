import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Failure } from "./failure.js";

/**
 * Lets go of what nobody holds any longer. Samples lie outside of V8's heap, and so does what reading and changing
 * them leaves behind: tens of megabytes that it would keep until the heap itself is short of room.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** What V8's refusal of memory, by the machine or a limit such as `ulimit -v`, means to the user; undefined for other errors. */
export function memoryFailure(error: unknown): Failure | undefined {
  if (!(error instanceof RangeError) || !/could not allocate memory|Array buffer allocation failed/.test(error.message)) return undefined;
  return new Failure(
    `there is not enough memory: ${error.message}`,
    "close other programs, lift the limit (`ulimit -v`), or take fewer samples: `limit(…)` in the dataset",
  );
}

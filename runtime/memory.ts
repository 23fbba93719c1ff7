import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Lets go of what nobody holds any longer. Reading a data set leaves tens of megabytes that V8 would keep until its heap is
 * short of room, which training never makes it: what training needs lies outside.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

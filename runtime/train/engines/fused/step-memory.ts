import { type Memory, sharedMemory } from "#compiler/wasm/instance.js";
import { exitCodes, Failure } from "../../../failure.js";

/** Memory of so many pages for a training step; a `Failure` with a remedy when there is not so much. */
export function stepMemory(pages: number): Memory {
  try {
    return sharedMemory(pages);
  } catch {
    throw new Failure(
      `a training step needs ${Math.ceil(pages / 16).toLocaleString("en")} MiB of memory: there is not so much, or more than the 4,096 MiB that a step can have`,
      "make `batch` or the model smaller",
      exitCodes.rejected,
    );
  }
}

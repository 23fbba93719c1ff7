import { expect, test } from "vitest";
import { memoryFailure } from "./memory.js";

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("memory that the machine refuses is a failure with a remedy; other range errors are mistakes of bnmc", () => {
  const refused = thrownBy(() => new ArrayBuffer(Number.MAX_SAFE_INTEGER));
  expect(memoryFailure(refused)).toMatchObject({ exitCode: 3, remedy: expect.stringContaining("ulimit") as string });
  expect(memoryFailure(thrownBy(() => "".repeat(-1)))).toBeUndefined();
});

import { expect, test } from "vitest";
import { stepMemory } from "./step-memory.js";

test("memory that no step can have is a failure with a remedy", () => {
  expect(() => stepMemory(65_537)).toThrow(/needs 4,097 MiB of memory/);
});

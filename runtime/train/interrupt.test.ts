import { expect, test } from "vitest";
import { onInterrupt } from "./interrupt.js";

test("the first Ctrl-C aborts the signal and leaves the second to the system", () => {
  const before = process.listenerCount("SIGINT");
  const { signal } = onInterrupt();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  expect(signal.aborted).toBe(false);
  process.emit("SIGINT");
  expect(signal.aborted).toBe(true);
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("released, it no longer listens", () => {
  const before = process.listenerCount("SIGINT");
  onInterrupt().release();
  expect(process.listenerCount("SIGINT")).toBe(before);
});

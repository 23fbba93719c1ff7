import { expect, test } from "vitest";
import { onInterrupt } from "./interrupt.js";

const endings = ["SIGINT", "SIGHUP", "SIGTERM"] as const;
const listeners = (): readonly number[] => endings.map((ending) => process.listenerCount(ending));

test.each(endings)("the first %s aborts the signal and leaves the second to the system", (ending) => {
  const before = listeners();
  const { signal } = onInterrupt();
  expect(listeners()).toEqual(before.map((count) => count + 1));
  expect(signal.aborted).toBe(false);
  process.emit(ending);
  expect(signal.aborted).toBe(true);
  expect(listeners()).toEqual(before);
});

test("released, it no longer listens", () => {
  const before = listeners();
  onInterrupt().release();
  expect(listeners()).toEqual(before);
});

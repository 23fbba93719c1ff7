import { expect, test } from "vitest";
import { elaborate } from "./elaborate.js";
import { load } from "./load.js";

test.each([
  ["u8", "u7"],
  ["uint8", "u7"],
  ["u16", "u7"],
  ["int8", "i8"],
  ["u2of4", "u4"],
  ["i0", "i1"],
  ["f32", "i8"],
  ["byte", "i8"],
])("of the element %s the fix is %s", (written, fixed) => {
  const { value } = load("case.bnm", `model net { input ${written}[8] -> dense(3, weights: 8bit) }`, () => undefined);
  const [found] = elaborate(value, { overrides: {}, targets: [] }).diagnostics;
  expect(found).toMatchObject({ code: "unknown-element", fix: { text: fixed } });
});

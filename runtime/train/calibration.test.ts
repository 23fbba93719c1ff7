import { expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { calibrated } from "./calibration.js";
import { initialState } from "./state.js";
import { shortTraining } from "./testing/settings.js";

/** The shift of the one layer of a fixed range behind a dense layer with these weights, when its input is all 127. */
function shiftOf(activation: string, weights: readonly number[]): number {
  const network = networkFrom(`weights: 8bit range: fixed bias: no input i8[1] -> dense(${weights.length}) -> ${activation} -> dense(2)`);
  const state = initialState(network, shortTraining(), 1);
  state.layers.get("dense1")!.weights.set(weights.map((level) => level / 128));
  const samples = { values: Int8Array.of(127), labels: Uint8Array.of(0), size: 1, count: 1 };
  const [shift] = [...calibrated(network, state, samples).shifts.values()];
  return shift!;
}

test("relu's range is that of what is above zero", () => {
  // 127 * 8 = 1016 takes ten bits, of which seven stay.
  expect(shiftOf("relu", [8, 7, 6, 5])).toBe(3);
  expect(shiftOf("relu", [8, -127, -120, -110])).toBe(3);
});

test("signed activations need a range for both signs, after the activation function", () => {
  expect(shiftOf("requantize", [8, 7, 6, 5])).toBe(3);
  expect(shiftOf("requantize", [8, -127, -120, -110])).toBe(7);
  // Negative sums are shifted right first: -16129 >> 4 is about as large as 1016.
  expect(shiftOf("leaky_relu(4)", [8, -127, -120, -110])).toBe(3);
});

import { catalog } from "#compiler/catalog/index.js";
import { saturate, type Saturation, saturationOf } from "#compiler/catalog/requantize.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import type { Inputs } from "#compiler/data/dataset.js";
import { evenlySpaced } from "#compiler/data/evenly-spaced.js";
import type { LayerId, Network } from "#compiler/ir/network.js";
import type { Activation } from "#compiler/ir/types.js";
import { layerRun } from "#compiler/reference/run.js";
import { type TrainingState, weightsOfState } from "./state.js";

/** Samples that ranges are found on, evenly spaced. */
export const calibrationSamples = 256;

/** A shift changes only for one with an error lower by this factor: a change disturbs all layers behind it. */
export const worthwhile = 0.8;

/** Shifts that are tried below that which clips nothing. */
export const triedShifts = 6;

/** Whether ranges are calibrated before an epoch, counted from 0: they are frozen for the second half of a training. */
export const calibratesAt = (epoch: number, epochs: number): boolean => 2 * epoch < epochs;

/**
 * Calibration of fixed ranges: layer by layer, the shift with the least mean squared error on training samples, of clipping and of
 * rounding together. The same object where no shift changes.
 */
export function calibrated(network: Network, state: TrainingState, inputs: Inputs): TrainingState {
  if (state.shifts.size === 0) return state;
  const levels = quantizeWeights(network, weightsOfState(state));
  const samples = evenlySpaced(inputs, calibrationSamples).slice(0, calibrationSamples);
  const seen = samples.map((sample) => new Map<LayerId, Int32Array>([[network.layers[0]!.id, Int32Array.from(sample)]]));
  const shifts = new Map(state.shifts);
  for (const layer of network.layers.slice(1)) {
    const before = shifts.get(layer.id);
    if (before !== undefined) {
      const activate = (sum: number): number => catalog.layers[layer.op]!.activate!(sum, layer.attributes);
      const sums = seen.map((found) => found.get(layer.inputs[0]!)!.map(activate));
      shifts.set(layer.id, bestShift(sums, saturationOf(layer.type.element as Activation), state.step === 0 ? undefined : before));
    }
    const shift = shifts.get(layer.id);
    const run = layerRun(network, layer, shift === undefined ? levels.get(layer.id) : Int32Array.of(shift));
    for (const found of seen) found.set(layer.id, run(layer.inputs.map((id) => found.get(id)!)));
  }
  const changed = [...shifts].some(([id, shift]) => shift !== state.shifts.get(id));
  return changed ? { ...state, shifts } : state;
}

/** The shift by which activated sums have the least squared error; that of `before` where none is much better. */
export function bestShift(sums: readonly Int32Array[], range: Saturation, before?: number): number {
  const largest = sums.reduce((most, values) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
  // Whatever is clipped, there is nothing to gain from more bits than hold the largest, or from so few that most of it is clipped.
  const most = Math.max(0, 32 - Math.clz32(largest) - Math.floor(Math.log2(range.high + 1)));
  const candidates = Array.from({ length: Math.min(most, triedShifts) + 1 }, (_, i) => most - i);
  const errors = new Map(candidates.map((shift) => [shift, squaredError(sums, range, shift)]));
  const best = candidates.reduce((one, other) => (errors.get(other)! < errors.get(one)! ? other : one));
  const kept = before === undefined ? undefined : errors.get(before);
  return kept !== undefined && errors.get(best)! > worthwhile * kept ? before! : best;
}

function squaredError(sums: readonly Int32Array[], to: Saturation, shift: number): number {
  const half = (1 << shift) >> 1;
  let error = 0;
  for (const values of sums) {
    for (const sum of values) {
      const given = saturate((sum + half) >> shift, to) * 2 ** shift;
      error += (given - sum) ** 2;
    }
  }
  return error;
}

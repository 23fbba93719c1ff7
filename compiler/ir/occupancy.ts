import type { LayerId } from "./network.js";

/**
 * Activation density of a layer's output, as means over samples. Sparse kernels skip values at the zero point, which is the least
 * value where that is negative, and 0 elsewhere.
 */
export interface Occupancy {
  /** The share of values above the zero point. */
  readonly active: number;
  /** Set bits of an active value above the zero point: the work of kernels that go by bit planes. */
  readonly digits: number;
}

/** By the layer whose output it is; layers that were not measured are missing. */
export type Occupancies = ReadonlyMap<LayerId, Occupancy>;

/** Measures the occupancy of a tensor over samples. */
export function occupancyOf(samples: readonly ArrayLike<number>[]): Occupancy {
  let [all, active, digits] = [0, 0, 0];
  for (const values of samples) {
    let zeroPoint = 0;
    for (let i = 0; i < values.length; i++) zeroPoint = Math.min(zeroPoint, values[i]!);
    all += values.length;
    for (let i = 0; i < values.length; i++) {
      const above = values[i]! - zeroPoint;
      if (above > 0) active++;
      for (let rest = above; rest > 0; rest &= rest - 1) digits++;
    }
  }
  return { active: all === 0 ? 0 : active / all, digits: active === 0 ? 0 : digits / active };
}

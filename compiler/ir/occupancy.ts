import type { LayerId } from "./network.js";

/**
 * How full the values of a layer are, as means over samples. The zero point is the least value where that is negative, and zero elsewhere:
 * kernels that list inputs skip those at the zero point.
 */
export interface Occupancy {
  /** The share of values above the zero point. */
  readonly active: number;
  /** Binary digits that are set in an active value, less the zero point. */
  readonly digits: number;
}

/** By the layer whose values they are; of layers that were not measured nothing is said. */
export type Occupancies = ReadonlyMap<LayerId, Occupancy>;

/** The occupancy of values, sample by sample. */
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

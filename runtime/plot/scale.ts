/** Which numbers an axis shows, and where. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Round numbers from `low` to `high`, ascending. */
  readonly ticks: readonly number[];
  /** 0 at `low`, 1 at `high`. */
  share(value: number): number;
}

/** Most ticks of an axis: more would touch each other. */
const most = 7;

/** How round numbers go on: 1, 2, 5, 10, 20, … or, for bytes, 1, 2, 4, 8, … */
export type Rounding = "decimal" | "binary";

/** Equal steps; the range is widened a little, so that no value lies on the frame. */
export function linear(values: readonly number[], rounding: Rounding): Scale {
  const [least, largest] = extremes(values);
  // Values that differ by what rounding leaves are equal.
  const spread = largest - least > 1e-9 * Math.abs(largest) ? largest - least : Math.abs(largest) || 1;
  const room = spread * 0.06;
  const [low, high] = [least - room, largest + room];
  const step = roundSteps(rounding, (high - low) / (10 * most)).find((size) => Math.floor(high / size) - Math.ceil(low / size) < most)!;
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  return { low, high, ticks, share: (value) => (value - low) / (high - low) };
}

/** Equal ratios; the values must be above zero. */
export function logarithmic(values: readonly number[], rounding: Rounding): Scale {
  const [least, largest] = extremes(values);
  const room = Math.max(1.02, (largest / least) ** 0.06);
  const [low, high] = [least / room, largest * room];
  const round = roundSteps(rounding, low / 10).filter((size) => size >= low && size <= high);
  return {
    low,
    high,
    ticks: thinned(round, rounding === "decimal" ? 10 : 2),
    share: (value) => Math.log(value / low) / Math.log(high / low),
  };
}

/** Where there are too many, powers of the base; then every second of them, every third … */
function thinned(ticks: readonly number[], base: number): readonly number[] {
  if (ticks.length <= most) return ticks;
  const exponent = (tick: number): number => Number((Math.log(tick) / Math.log(base)).toFixed(9));
  for (let every = 1; ; every++) {
    const kept = ticks.filter((tick) => exponent(tick) % every === 0);
    if (kept.length <= most) return kept;
  }
}

/** Logarithmic where the largest value is many times the least, linear elsewhere. */
export function fitting(values: readonly number[], rounding: Rounding): Scale {
  const [least, largest] = extremes(values);
  return least > 0 && largest / least >= 6 ? logarithmic(values, rounding) : linear(values, rounding);
}

/** Round numbers from about `from` on, ascending, as many as any axis needs. */
function roundSteps(rounding: Rounding, from: number): readonly number[] {
  if (rounding === "binary") {
    const start = Math.max(0, Math.floor(Math.log2(from)));
    return Array.from({ length: 64 }, (_, i) => 2 ** (start + i));
  }
  const start = Math.floor(Math.log10(from));
  return Array.from({ length: 24 }, (_, i) => [1, 2, 5].map((digit) => Number(`${digit}e${start + i}`))).flat();
}

const extremes = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

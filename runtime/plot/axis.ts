import { showBytes } from "#compiler/ir/show.js";
import { fitting, linear, type Scale } from "./scale.js";

/** One side of a chart: what it measures, and the round numbers that it says. */
export interface Axis {
  readonly title: string;
  readonly scale: Scale;
  readonly show: (value: number) => string;
}

/** An axis of sizes, with ticks at powers of two. */
export const bytesAxis = (title: string, values: readonly number[]): Axis => ({ title, scale: fitting(values, "binary"), show: showBytes });

/** An axis of large counts: `200k`, `1.5M`. */
export const countAxis = (title: string, values: readonly number[]): Axis => ({
  title,
  scale: fitting(values, "decimal"),
  show: showLarge,
});

/** An axis of shares, in percent with as many decimals as its ticks need; always linear. */
export function shareAxis(title: string, values: readonly number[]): Axis {
  const whole = linear(values, "decimal");
  const scale = { ...whole, ticks: whole.ticks.filter((tick) => tick > -1e-9 && tick < 1 + 1e-9) };
  const step = (whole.ticks[1] ?? 1) - (whole.ticks[0] ?? 0);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step * 100) - 1e-9));
  return { title, scale, show: (value) => `${(100 * value).toFixed(decimals)}%` };
}

/** `950`, `12.5k`, `3M`. */
export function showLarge(value: number): string {
  if (value < 1000) return String(value);
  const [size, letter] = value < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return `${Number((value / size).toPrecision(3))}${letter}`;
}

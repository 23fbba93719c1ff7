/** A channel: its taps row by row, what its lanes begin at, and where `relu` begins. */
export interface LaneChannel {
  readonly taps: readonly number[];
  /** What makes all sums positive. */
  readonly start: number;
  /** What a sum, halved where sums are, has to exceed. */
  readonly threshold: number;
}

/** The channels of a layer, in lanes that hold their sums. */
export interface FittingChannels {
  readonly channels: readonly LaneChannel[];
  /** Whether sums take all bits of a lane: they are halved before they are compared, so that the highest bit, the guard bit, is free. */
  readonly halved: boolean;
  /** How far what exceeds a threshold is shifted. */
  readonly down: number;
  /** Whether any of it then exceeds `most`. */
  readonly saturates: boolean;
}

/** A channel of a layer: `added` is its bias, half of what is shifted out, and what the least input comes to. */
export interface ChannelSum {
  readonly taps: readonly number[];
  readonly added: number;
}

/** What a layer reads, above the least value, at most, and how it requantizes. */
export interface LaneScale {
  readonly inputs: number;
  readonly shift: number;
  readonly most: number;
}

/**
 * Channels in lanes of so many bits; undefined where a sum does not fit. Sums are modulo 2^32, so that only what they come to has to.
 * To halve them is exact where something is shifted out anyway: what is added to a sum before differs from its bias by an even number.
 */
export function fit(sums: readonly ChannelSum[], scale: LaneScale, { bits }: { readonly bits: number }): FittingChannels | undefined {
  for (const halved of scale.shift > 0 ? [false, true] : [false]) {
    const channels = sums.map((sum) => laneChannel(sum, scale, halved));
    if (channels.some(({ top }) => top >= 2 ** (bits - 1))) continue;
    const down = scale.shift - (halved ? 1 : 0);
    const saturates = channels.some(({ top, threshold }) => Math.floor((top - threshold) / 2 ** down) > scale.most);
    return { channels, halved, down, saturates };
  }
  return undefined;
}

/** The channel, and the largest number that is compared. */
function laneChannel(
  { taps, added }: ChannelSum,
  { inputs, shift, most }: LaneScale,
  halved: boolean,
): LaneChannel & { readonly top: number } {
  const [below, above] = [-1, 1].map((sign) => taps.reduce((sum, tap) => sum + Math.max(0, sign * tap), 0) * inputs) as [number, number];
  // What makes all values zero, or all of them the largest, may as well be nearer to what just does.
  const offset = Math.max(-above, Math.min((most + 1) * 2 ** shift + below, added));
  const least = Math.max(below, offset);
  const start = halved && (least - offset) % 2 !== 0 ? least + 1 : least;
  const compared = (sum: number): number => (halved ? Math.floor(sum / 2) : sum);
  const top = compared(start + above);
  return { taps, start, threshold: Math.min(compared(start - offset), top), top };
}

/** Pictures in text. */

const full = "█";
const parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar as long as its share of `width` characters, in eighths of one. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  return full.repeat(Math.floor(eighths / 8)) + parts[eighths % 8]!;
}

/** A bar in a frame that shows the whole; what does not fit in is cut off with an arrow. */
export const gauge = (share: number, width: number): string =>
  share > 1 ? `▕${full.repeat(width)}▶` : `▕${bar(share, width).padEnd(width)}▏`;

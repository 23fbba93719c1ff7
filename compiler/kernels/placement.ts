import type { Placement } from "../ir/routine.js";
import type { Target } from "../ir/target.js";

/** Which of a kernel's hot routines run from RAM. */
export interface Placed<Hot extends string> {
  /** Where a routine runs that is hot as this. */
  readonly of: (hot: Hot) => Placement;
  /** For the variant of an offer: `rows and lists in RAM`, `all in flash`. */
  readonly text: string;
}

/**
 * Where the hot routines of a kernel may run, the hottest first: all of them from RAM, only the hotter ones, none. From flash alone
 * where it makes code wait no longer than RAM does.
 */
export function placements<Hot extends string>({ chip }: Target, hot: readonly Hot[]): readonly Placed<Hot>[] {
  const waits = chip !== undefined && chip.flash.waitStates > chip.ram.waitStates;
  return (waits ? [...hot.keys(), hot.length] : [0])
    .map((count) => hot.slice(0, count))
    .sort((a, b) => b.length - a.length)
    .map((inRam) => ({
      of: (one) => (inRam.includes(one) ? "ram" : "flash"),
      text: inRam.length === 0 ? "all in flash" : `${listed(inRam)} in RAM`,
    }));
}

/** `a, b and c` */
const listed = (names: readonly string[]): string => names.join(", ").replace(/, (?=[^,]*$)/, " and ");

export const slowdown = (_: Target, placement: Placement, legacy: number): number => (placement === "ram" ? 1 : legacy);

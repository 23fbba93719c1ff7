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
export function placements<Hot extends string>(target: Target, hot: readonly Hot[]): readonly Placed<Hot>[] {
  const most = waitStates(target, "flash") > waitStates(target, "ram") ? hot.length : 0;
  return Array.from({ length: most + 1 }, (_, fewer): Placed<Hot> => {
    const inRam = hot.slice(0, most - fewer);
    return {
      of: (one) => (inRam.includes(one) ? "ram" : "flash"),
      text: inRam.length === 0 ? "all in flash" : `${listed(inRam)} in RAM`,
    };
  });
}

/** `a, b and c` */
const listed = (names: readonly string[]): string => names.join(", ").replace(/, (?=[^,]*$)/, " and ");

/** Cycles that an access takes longer than in the fastest memory. */
export const waitStates = ({ chip }: Target, placement: Placement): number => chip?.[placement].waitStates ?? 0;

/** Bytes that flash delivers at once, and bytes of code that loops fetch a cycle where nothing makes them wait. */
const [lineBytes, fetched] = [4, 2.3];

/**
 * Cycles of code where it is placed, over those without wait states: the next line is fetched while one runs, so that code waits where
 * a line takes longer to come than to run. Measured on the QingKe V2 chips (the committed tunings): 1.15 for the dense kernels with one
 * wait state, 1.6 to 1.8 with two. Loops of short jumps wait longer.
 */
export const slowdown = (target: Target, placement: Placement): number => slowdownBy(waitStates(target, placement));

/** The same by the number of wait states. */
export const slowdownBy = (waits: number): number => Math.max(1, (fetched * (1 + waits)) / lineBytes);

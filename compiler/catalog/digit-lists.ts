import type { Helper } from "../ir/plan.js";
import type { Target } from "../ir/target.js";

/** What runs from RAM: first what adds up rows. */
export type Residents = "rows" | "rows and lists" | "none";

/** How a kernel lists inputs by their binary digits. */
export interface Listing {
  /** Entries of a list. */
  readonly capacity: number;
  readonly residents: Residents;
  /** Without the loop for four inputs at a time, which takes more code than all else. */
  readonly singly: boolean;
}

const capacities = [24, 32, 40, 48, 64];

/** Code runs from RAM on chips where flash makes it wait. */
const placesFor = ({ chip }: Target): readonly Residents[] =>
  chip !== undefined && chip.flash.waitStates > chip.ram.waitStates ? ["rows and lists", "rows", "none"] : ["none"];

export const listingsFor = (target: Target): readonly Listing[] =>
  capacities.flatMap((capacity) => [
    ...placesFor(target).map((residents) => ({ capacity, residents, singly: false })),
    { capacity, residents: "none", singly: true },
  ]);

export const listingText = ({ capacity, residents, singly }: Listing): string =>
  `lists of ${capacity}, ${singly ? "made singly, " : ""}${residents === "none" ? "all in flash" : `${residents} in RAM`}`;

/** The functions that make lists, by what templates call them. */
export function listHelpers({ residents, singly }: Listing): Readonly<Record<"digits" | "lists" | "total", Helper> & Partial<Record<"walk" | "words", Helper>>> {
  const inRam = residents === "rows and lists";
  const place = inRam ? "_in_ram" : "";
  const calls = { digits: "digits", walk: `walk_words${place}`, words: `list_words${place}` };
  const helper = { facts: { calls }, resident: false };
  return {
    digits: { ...helper, name: "digits", template: "digits", code: 0 },
    ...(singly
      ? {}
      : {
          walk: { ...helper, name: calls.walk, template: "digit-walk", code: 160, resident: inRam },
          words: { ...helper, name: calls.words, template: "digit-words", code: 180 },
        }),
    lists: { ...helper, name: `list_digits${singly ? "_singly" : place}`, template: "digit-lists", code: singly ? 164 : 204, facts: { calls, singly, least: 4 } },
    total: { ...helper, name: "digit_total", template: "digit-total", code: 50 },
  };
}

/** Cycles for so many chunks of inputs, of which some are listed. */
export const listingCycles = ({ residents, singly }: Listing, { chunks, inputs, active }: { readonly chunks: number; readonly inputs: number; readonly active: number }): number =>
  chunks * 350 + (singly ? inputs * 25 + active * 150 : inputs * 3 + active * (residents === "rows and lists" ? 50 : 75));

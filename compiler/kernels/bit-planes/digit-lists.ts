import type { Helper } from "../../ir/plan.js";
import type { Target } from "../../ir/target.js";

/** What runs from RAM: what adds up rows, and what makes the lists. */
export type Residents = "rows" | "lists" | "rows and lists" | "none";

export const rowsInRam = (residents: Residents): boolean => residents.startsWith("rows");
export const listsInRam = (residents: Residents): boolean => residents.endsWith("lists");

/** How a kernel lists inputs by their binary digits. */
export interface Listing {
  /** Entries of a list. */
  readonly capacity: number;
  readonly residents: Residents;
  /** Without the loop for four inputs at a time, which takes more code than all else. */
  readonly singly: boolean;
}

const capacities = [24, 40, 60];

/** Each capacity with all in flash and, on chips where flash makes code wait, with what a kernel would like to run from RAM. */
export function listingsFor({ chip }: Target, wanted: readonly Residents[]): readonly Listing[] {
  const places = chip !== undefined && chip.flash.waitStates > chip.ram.waitStates ? wanted : [];
  return capacities.flatMap((capacity) => [
    ...[...places, "none" as const].map((residents) => ({ capacity, residents, singly: false })),
    { capacity, residents: "none" as const, singly: true },
  ]);
}

export const listingText = ({ capacity, residents, singly }: Listing): string =>
  `lists of ${capacity}, ${singly ? "made singly, " : ""}${residents === "none" ? "all in flash" : `${residents} in RAM`}`;

/** What tells names of functions apart that lists of different kinds are made and used by. */
export function listingSuffix({ residents, singly }: Listing): string {
  if (singly) return "_singly";
  return residents === "none" ? "" : `_${residents.replaceAll(" ", "_")}_in_ram`;
}

/** The functions that make lists, by what templates call them. */
export function listHelpers({
  residents,
  singly,
}: Listing): Readonly<Record<"digits" | "lists" | "total", Helper> & Partial<Record<"walk" | "words", Helper>>> {
  const inRam = listsInRam(residents);
  const place = inRam ? "_in_ram" : "";
  const calls = { digits: "digits", walk: `walk_words${place}`, words: `list_words${place}` };
  const helper = { facts: { calls }, resident: false };
  return {
    digits: { facts: {}, resident: false, name: "digits", template: "bit-planes/routines/digits", code: 0 },
    ...(singly
      ? {}
      : {
          walk: { ...helper, name: calls.walk, template: "bit-planes/routines/digit-walk", code: 162, resident: inRam },
          words: { ...helper, name: calls.words, template: "bit-planes/routines/digit-words", code: 170 },
        }),
    lists: {
      ...helper,
      name: `list_digits${singly ? "_singly" : place}`,
      template: "bit-planes/routines/digit-lists",
      code: singly ? 168 : 204,
      facts: { calls, singly, least: 4 },
    },
    total: {
      facts: { calls: { digits: calls.digits } },
      resident: false,
      name: "digit_total",
      template: "bit-planes/routines/digit-total",
      code: 50,
    },
  };
}

/** How often lists are made and emptied, as measured on MNIST, where every other input is in the fullest list. */
export const chunksFor = ({ capacity }: Listing, active: number): number => Math.max(1, 0.35 + (0.65 * active) / (capacity - 2));

/** Cycles for so many chunks of inputs, of which some are listed. */
export function listingCycles(
  { residents, singly }: Listing,
  { chunks, inputs, active }: { readonly chunks: number; readonly inputs: number; readonly active: number },
): number {
  const [input, listed] = singly ? [25, 150] : listsInRam(residents) ? [4, 56] : [7, 86];
  return chunks * 330 + inputs * input + active * listed;
}

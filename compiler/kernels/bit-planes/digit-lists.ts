import type { Placement } from "../../ir/routine.js";
import type { Target } from "../../ir/target.js";
import { placements, slowdown, waitStates } from "../placement.js";
import { once, routine, sizesOf } from "../routine.js";
import { digitsRoutine } from "./digits.js";
import { listWords } from "./rv32-digit-words.js";
import { frame, walkWords } from "./rv32-digit-walk.js";

/** What of a kernel that lists inputs by their digits may run from RAM: what adds up rows, and what makes the lists. */
export type Hot = "rows" | "lists";

/** How a kernel lists inputs by bit plane: a list of those with the bit set, for each bit. */
export interface Listing {
  /** Entries of a list. */
  readonly capacity: number;
  /** Without the loop for four inputs at a time, which takes more code than all else. */
  readonly singly: boolean;
  readonly lists: Placement;
  readonly rows: Placement;
}

const capacities = [24, 40, 60];

/** A listing with what it adds to the variant of an offer. */
export type NamedListing = readonly [variant: string, listing: Listing];

/** Each capacity with each placement of what is hot, the hottest first, and made singly in flash. */
export const listingsFor = (target: Target, hot: readonly Hot[]): readonly NamedListing[] =>
  capacities.flatMap((capacity) => [
    ...placements(target, hot).map(({ of, text }): NamedListing => [
      `lists of ${capacity}, ${text}`,
      { capacity, singly: false, lists: of("lists"), rows: of("rows") },
    ]),
    [`lists of ${capacity}, made singly, all in flash`, { capacity, singly: true, lists: "flash", rows: "flash" }],
  ]);

/** The routines that make lists, by the roles in which templates know them. */
export const listRoutines = ({ singly, lists }: Listing) => routinesFor(singly, lists);

const routinesFor = once((singly: boolean, lists: Placement) => {
  const digits = digitsRoutine;
  const [loop, around] = [walkWords(), listWords()];
  const walk = routine("bit-planes/routines/digit-walk", {
    label: "walk_words",
    context: { program: loop },
    placement: lists,
    ...sizesOf(loop),
  });
  const words = routine("bit-planes/routines/digit-words", {
    label: "list_words",
    context: { program: around, frame: frame.members },
    calls: { digits, walk },
  });
  return {
    digits,
    lists: routine("bit-planes/routines/digit-lists", {
      label: "list_digits",
      context: { singly, least: 4 },
      calls: { digits, ...(singly ? {} : { words }) },
      ...(singly ? { variant: "singly" } : {}),
    }),
    total: routine("bit-planes/routines/digit-total", { calls: { digits } }),
  };
});

/** How often lists are made and emptied, as measured on MNIST, where every other input is in the fullest list. */
export const chunksFor = ({ capacity }: Listing, active: number): number => Math.max(1, 0.35 + (0.65 * active) / (capacity - 2));

/** Cycles for so many chunks of inputs, of which some are listed; the loop is of short jumps, each of which waits for flash. */
export function listingCycles(
  { singly, lists }: Listing,
  target: Target,
  { chunks, inputs, active }: { readonly chunks: number; readonly inputs: number; readonly active: number },
): number {
  const waits = waitStates(target, lists);
  const [input, listed] = singly ? [20 + 5 * waits, 100 + 50 * waits] : [4 + 3 * waits, 56 + 30 * waits];
  return chunks * 330 * slowdown(target, "flash") + inputs * input + active * listed;
}

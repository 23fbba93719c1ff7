import type { Calls, Placement, Routine } from "../../ir/routine.js";
import { type Listing, listRoutines } from "../bit-planes/digit-lists.js";
import { digitsRoutine } from "../bit-planes/digits.js";
import { once, routine } from "../routine.js";
import { transposeSlices } from "./rv32-slice-bytes.js";
import { addSlices, frame } from "./rv32-slice-rows.js";
import { passesOf, type SliceLevels, type SliceSums } from "./slice-plan.js";

/** What decides which routines dense-bitsliced calls. */
export interface Choice extends SliceLevels, SliceSums, Listing {
  readonly fold: boolean;
}

/** The bits of weights that are added one after the other; folded ones are added beside the lower. */
export const widthOf = ({ bits, fold }: Choice): number => (fold ? bits / 2 : bits);

/** By the roles in which the template knows them. */
export function sliceCalls(choice: Choice, relu: boolean): Calls {
  const { zeroPoint, bits, fold, most, rows } = choice;
  const widths = passesOf(widthOf(choice)).map(({ width }) => width);
  const bytes = bytesRoutine();
  const sums = (label: string, context: object, variant?: "fold"): Routine =>
    routine("bit-sliced/routines/slice-sums", { label, context, calls: { bytes }, ...(variant === undefined ? {} : { variant }) });
  return {
    ...listRoutines(choice),
    clear: routine("bit-sliced/routines/slice-clear"),
    ...(zeroPoint ? { zeroPoint: routine("bit-sliced/routines/slice-add") } : {}),
    ...(widths.includes(2) ? { pairs: rowsRoutine(2, most, rows) } : {}),
    ...(widths.includes(1) ? { singles: rowsRoutine(1, most, rows) } : {}),
    ...(relu
      ? { outputs: routine("bit-sliced/routines/slice-outputs", { calls: { bytes } }) }
      : {
          sums: fold
            ? sums(`slice_sums_${bits}`, { fold: bits / 2, times: 2 ** (bits / 2), units: 16 }, "fold")
            : sums("slice_sums", { fold: 0, units: 32 }),
        }),
  };
}

const bytesRoutine = once((): Routine => {
  const program = transposeSlices();
  return routine("bit-sliced/routines/slice-bytes", { context: { program } });
});

/** Adds the rows of lists to slices, one bit of the weights at a time or two. */
const rowsRoutine = once((width: 1 | 2, most: number, placement: Placement): Routine => {
  const [pair, three] = [width === 2, most === 2];
  const program = addSlices({ pair, three });
  return routine("bit-sliced/routines/slice-rows", {
    label: pair ? (three ? "add_trits" : "add_pairs") : "add_slices",
    context: { program, frame: frame.members, width, pair, three },
    calls: { digits: digitsRoutine },
    placement,
  });
});

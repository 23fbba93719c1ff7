import type { Calls, Placement, Routine } from "../../ir/routine.js";
import { timesConstant } from "../c-expression.js";
import { once, routine, sizesOf } from "../routine.js";
import { type Listing, listRoutines } from "./digit-lists.js";
import type { DigitGroups, DigitLevels } from "./digit-plan.js";
import { digitsRoutine } from "./digits.js";
import { accumulators, frame, longestBlock, rest, sumRows } from "./rv32-digit-block.js";
import { addRows, sumsPerPass } from "./rv32-digit-rows.js";

/** What decides which routines dense-bitplanes calls. */
export interface Choice extends DigitLevels, DigitGroups, Listing {
  /** Words of a row. */
  readonly words: number;
}

/** The simple case: inputs are not negative, and all bit planes go to the same accumulators. */
export const isSimple = ({ zeroPoint, split }: DigitGroups): boolean => !zeroPoint && !split;

/** By the roles in which the template knows them. */
export function digitCalls(choice: Choice, ends: "sums" | "rescaled" | "fixed", bias: BiasElement): Calls {
  const lists = listRoutines(choice);
  const rows = rowsRoutine(choice.most, choice.rows);
  return {
    ...lists,
    rows,
    ...(isSimple(choice)
      ? { add: routine("bit-planes/routines/digit-add", { label: `add_digits_${choice.most}`, calls: { ...lists, rows } }) }
      : {}),
    ...(ends === "rescaled"
      ? outputRoutines(choice)
      : ends === "fixed"
        ? { fixed: fixedRoutine(choice, bias) }
        : { sums: sumsRoutine(choice) }),
  };
}

/** The C type of biases, where there are some. */
type BiasElement = "int16_t" | "int32_t" | undefined;

/** Makes activations of a fixed range. */
function fixedRoutine({ split, step }: Choice, bias: BiasElement): Routine {
  const kind = bias === undefined ? "" : bias === "int16_t" ? "_bias" : "_wide_bias";
  const value = (name: string): string => `${timesConstant(name, step)} + more${bias === undefined ? "" : " + *bias++"}`;
  return routine("bit-planes/routines/digit-fixed", {
    label: `digit_fixed${split ? "_split" : ""}_${step}${kind}`,
    context: { split, biased: bias !== undefined, element: bias ?? "", first: value("first"), second: value("second") },
    variant: [...(split ? ["split"] : []), ...(bias === undefined ? ["plain"] : [bias])].join(" "),
  });
}

function sumsRoutine({ split, step }: Choice): Routine {
  const value = (name: string): string => `${timesConstant(name, step)} + more`;
  return routine("bit-planes/routines/digit-sums", {
    label: `digit_sums${split ? "_split" : ""}_${step}`,
    context: { split, value: value("sum"), first: value("first"), second: value("second") },
    ...(split ? { variant: "split" } : {}),
  });
}

/** What makes outputs of sums; what always runs is in RAM where lists are made there as well. */
const outputRoutines = ({ lists: placement, split, step }: Choice): Calls => ({
  ...(split ? { fold: routine("bit-planes/routines/digit-fold") } : {}),
  bits: routine("bit-planes/routines/digit-bits", { placement }),
  ...(step === 2 ? { double: routine("bit-planes/routines/digit-double") } : {}),
  outputs: routine("bit-planes/routines/digit-outputs", { placement }),
});

/** Accumulates the rows of lists, in blocks whose sums fit bytes. */
const rowsRoutine = once((most: number, placement: Placement): Routine => {
  const [sum, add] = [sumRows(most), addRows(most)];
  const longest = longestBlock(most);
  const block = routine("bit-planes/routines/digit-block", {
    label: `sum_rows_${most}`,
    context: { program: sum },
    placement,
    ...sizesOf(sum),
  });
  return routine("bit-planes/routines/digit-rows", {
    label: `add_rows_${most}`,
    context: { program: add, frame: frame.members, count: accumulators.length, rest, most, longest, full: longest * most, sumsPerPass },
    calls: { digits: digitsRoutine, block },
  });
});

import type { Placement, Routine } from "../../ir/routine.js";
import { additionChain } from "./addition-chain.js";
import { powerShape } from "../../catalog/codebook/shape.js";
import { groupSize } from "../sparse/dense-columns.js";
import type { Quantizer } from "../../catalog/codebook/quantizer.js";
import { routine } from "../routine.js";
import { addProducts, frameBytes } from "./rv32-add-products.js";
import { productsOfPowers } from "./rv32-products-of-powers.js";

/** What each hexadecimal digit of a code adds to its level, the lower digit first; undefined where more than two would be needed. */
export function digitLevels({ levels, packing }: Quantizer): readonly (readonly number[])[] | undefined {
  if (packing.kind !== "bits") return undefined;
  if (packing.width === 4) return [levels];
  if (packing.width !== 8 || levels.length !== 256) return undefined;
  const low = levels.slice(0, 16).map((level) => level - levels[0]!);
  const high = Array.from({ length: 16 }, (_, digit) => levels[16 * digit]!);
  return levels.every((level, code) => level === low[code & 15]! + high[code >> 4]!) ? [low, high] : undefined;
}

/** Half-words of the products of one input: of all digits, then the place of its weights, in whole words. */
export const entryOf = (digits: number): number => 16 * digits + 2;

/** Makes the products of inputs and has them added, as many inputs at a time as there is room for. */
export function addInputs(quantizer: Quantizer, digits: readonly (readonly number[])[], placement: Placement): Routine {
  const levels = digits.flat();
  const powers = powerPairs(levels);
  const { zeros, chain } = chainOf(levels);
  const entry = entryOf(digits.length);
  return routine("lookup/routines/add-inputs", {
    label: `add_${quantizer.name}_inputs`,
    context: {
      groupSize,
      entry,
      powers,
      ...(powers === undefined ? {} : { multiply: productsOfPowers(powers.count / 2) }),
      zeros,
      chain,
      format: quantizer.name,
      split: digits.length > 1,
      placeAt: entry - 2,
    },
    calls: { add: addProductsRoutine(digits.length, placement) },
    ...(powers === undefined ? { code: 120 + 5 * chain.length + 5 * levels.length } : { variant: "powers" }),
    placement,
  });
}

/** What the functions below a step take, measured. */
export const inputsStack = ({ levels }: Quantizer): number => (powerPairs(levels) === undefined ? 128 : 100);

/** For levels that are powers of two and then their negatives. */
function powerPairs(levels: readonly number[]) {
  const shape = powerShape(levels);
  if (shape === undefined || shape.width < 2) return undefined;
  const count = levels.length / 2;
  return {
    count,
    first: shape.first,
    pairShift: 17 + shape.first,
  };
}

/** The products in the order in which one comes from others, each with the codes of its levels. */
function chainOf(levels: readonly number[]) {
  const term = (factor: number, shift: number): string => (shift === 0 ? `x${factor}` : `(x${factor} << ${shift})`);
  const steps = additionChain([...new Set(levels.map(Math.abs).filter((level) => level > 1))]);
  const made = steps.map(({ target, left, shift, right, negative }) => ({
    target,
    value: term(left, shift) + (right === undefined ? "" : `${negative ? " - " : " + "}HIDDEN(x${right})`),
  }));
  const codesOf = (level: number): readonly number[] => levels.flatMap((other, code) => (other === level ? [code] : []));
  return {
    zeros: codesOf(0),
    chain: [{ target: 1, value: "(uint32_t)d" }, ...made].map((step) => ({
      ...step,
      positive: codesOf(step.target),
      negative: codesOf(-step.target),
    })),
  };
}

/** Adds the products of some inputs to all sums. */
function addProductsRoutine(digits: number, placement: Placement): Routine {
  const entry = entryOf(digits);
  const add = addProducts(digits, 2 * entry);
  return routine("lookup/routines/add-products", {
    label: `add_${digits === 1 ? "products" : "digit_products"}`,
    context: {
      groupSize,
      frameWords: frameBytes / 4,
      add,
      entry,
      columnAt: entry - 2,
      split: digits > 1,
      wordsPerGroup: digits,
    },
    placement,
  });
}

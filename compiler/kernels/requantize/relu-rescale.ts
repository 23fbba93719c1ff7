import { elementRange, sizeOf } from "../../ir/types.js";
import { defineKernel, type Offer } from "../contract.js";
import { placements, waitStates } from "../placement.js";
import { once, routine } from "../routine.js";
import { shiftSums, unionOfBits } from "./rv32-rescale.js";

const template = "requantize/relu-rescale";
/** What the two loops over sums keep of them. */
const loops = once((bits: number) => ({ union: unionOfBits(), shifted: shiftSums(bits), bits, most: 2 ** bits - 1 }));

/** Names of what requantizes to fewer bits than seven say how many. */
const named = (label: string, bits: number): string => (bits === 7 ? label : `${label}_to_${bits}`);

const inRam = once((bits: number) =>
  routine("requantize/routines/rescale", { label: named("rescale", bits), context: loops(bits), placement: "ram" }),
);

export default defineKernel({
  name: "relu-rescale",
  template,
  summary:
    "Clears what is negative and requantizes the rest to as many bits as are read: a rounding right shift by as many as the maximum needs. In place.",
  serves: ["relu"],
  bid: ({ reads, writes }, target) => {
    if (reads.element !== "i32" || writes.element === "i32" || writes.range === "fixed") return [];
    const bits = Math.log2(elementRange(writes.element).high + 1);
    const count = sizeOf(reads.shape);
    const flash: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 0 }, cycles: 80 + (22 + 12 * waitStates(target, "flash")) * count },
      context: {},
      shared: {
        routine: routine(template, { label: named("rescale", bits), context: { quick: false, ...loops(bits) } }),
        arguments: [String(count)],
      },
      overlays: true,
    };
    const ram: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 16 }, cycles: 90 + 22 * count },
      context: {},
      variant: "loops in RAM",
      shared: {
        routine: routine(template, {
          label: named("rescale_in_place", bits),
          context: { quick: true, bits },
          calls: { rescale: inRam(bits) },
          variant: "quick",
        }),
        arguments: [String(count)],
      },
      overlays: true,
    };
    return placements(target, ["loops"]).map(({ of }) => (of("loops") === "ram" ? ram : flash));
  },
});

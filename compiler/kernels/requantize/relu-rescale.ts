import { sizeOf } from "../../ir/types.js";
import { defineKernel, type Offer } from "../contract.js";
import { placements, waitStates } from "../placement.js";
import { routine } from "../routine.js";
import { shiftSums, unionOfBits } from "./rv32-rescale.js";

const template = "requantize/relu-rescale";
/** The two loops over sums. */
const loops = { union: unionOfBits(), shifted: shiftSums() };

const inRam = routine("requantize/routines/rescale", { context: loops, placement: "ram" });

export default defineKernel({
  name: "relu-rescale",
  template,
  summary: "Clears what is negative and requantizes the rest to i8: a rounding right shift by as many bits as the maximum needs. In place.",
  serves: ["relu"],
  bid: ({ reads, writes }, target) => {
    if (reads.element !== "i32" || writes.element !== "i8") return [];
    const count = sizeOf(reads.shape);
    const flash: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 0 }, cycles: 80 + (22 + 12 * waitStates(target, "flash")) * count },
      context: {},
      shared: {
        routine: routine(template, { label: "rescale", context: { quick: false, ...loops } }),
        arguments: [String(count)],
      },
      overlays: true,
    };
    const ram: Offer = {
      cost: { flash: { code: 24, weights: 0 }, ram: { static: 0, stack: 16 }, cycles: 90 + 22 * count },
      context: {},
      variant: "loops in RAM",
      shared: {
        routine: routine(template, { label: "rescale_in_place", context: { quick: true }, calls: { rescale: inRam }, variant: "quick" }),
        arguments: [String(count)],
      },
      overlays: true,
    };
    return placements(target, ["loops"]).map(({ of }) => (of("loops") === "ram" ? ram : flash));
  },
});

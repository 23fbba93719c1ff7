import { denseCost, denseRows, packedRows } from "./dense-rows.js";
import { defineKernel } from "../contract.js";

export default defineKernel({
  name: "dense-ternary",
  template: "dense-rows/dense-ternary",
  summary: "Adds, skips or subtracts each input; for the levels -1, 0 and 1 as base-3 digits.",
  serves: ["dense"],
  bid: (job, target) => {
    const { levels, packing } = job.weights[0]!.quantizer;
    const ternary = levels.length === 3 && levels.every((level, code) => level === code - 1);
    if (!ternary || packing.kind !== "digits" || packing.base !== 3) return [];
    const rows = denseRows(job);
    const one = 2 ** packing.word;
    return [
      {
        cost: denseCost(target, job, { code: 118, perWeight: 27 }),
        context: { ...rows, bits: packing.word, one: hex(one), two: hex(2 * one), fraction: hex(one - 1) },
      },
    ];
  },
  tables: (weights) => [packedRows(weights)],
});

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}u`;

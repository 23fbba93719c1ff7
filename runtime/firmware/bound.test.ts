import { describe, expect, test } from "vitest";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { cycleBound } from "./bound.js";
import { buildFirmware } from "./build.js";
import { simulate } from "./simulate.js";
import { searchSlowest } from "./slowest.js";
import { smallFirmware } from "./testing/small-firmware.js";

/** The layers' formats bring kernels whose time depends on their inputs, beside some whose time does not. */
const shape = {
  name: "net",
  input: [8, 8],
  layers: [
    [40, "4bitsym"],
    [12, "2bitsym"],
    [5, "4bitsym"],
  ],
} as const;

describe.each(["ch32v002", "ch32v003"].map(loadTarget))("the bound on $name", (target) => {
  test.skipIf(findCompiler(target) === undefined)(
    "is above every inference, those that it was not made from included, and not far above the slowest",
    () => {
      const { ingredients, subject } = smallFirmware(target, { shape });
      const firmware = buildFirmware(ingredients);
      const few = { inputs: subject.inputs.subarray(0, 2 * 64), count: 2 };
      const known = simulate(firmware, few).cycles;
      const found = searchSlowest(firmware, few, known, 30);
      const bound = cycleBound(firmware, few, known, found.input);
      const { cycles } = simulate(firmware, subject);
      const slowest = searchSlowest(firmware, subject, cycles, 300).cycles;
      expect(bound).toBeGreaterThanOrEqual(Math.max(...cycles, slowest));
      expect(bound).toBeLessThan(2 * slowest);
    },
  );
});

import { describe, expect, test } from "vitest";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "../verify/on-chip.js";
import { buildFirmware } from "./build.js";
import { simulate } from "./simulate.js";
import { searchSlowest } from "./slowest.js";
import { smallFirmware } from "./testing/small-firmware.js";

const target = loadTarget("ch32v003");

/** A model that idles for every input whose size is on one side of 100, much longer than any kernel minds it: which side differs from place to place. */
const planted =
  "for (int i = 0; i < 64; i++) if ((input[i] > 100) == ((i & 4) == 0)) for (volatile int idle = 100; idle != 0; idle--) {}\n    int32_t *const sums = logits";

function firmwareWith(change: (source: string) => string) {
  const { ingredients, subject } = smallFirmware(target);
  const emission = new Map([...ingredients.emission].map(([path, text]) => [path, path.endsWith(".c") ? change(text) : text]));
  return { firmware: buildFirmware({ ...ingredients, emission }), subject };
}

describe.skipIf(findCompiler(target) === undefined)("the search for the slowest input", () => {
  test("climbs to what no sample and no extreme input shows", () => {
    const { firmware, subject } = firmwareWith((source) => source.replace("int32_t *const sums = logits", planted));
    const { cycles } = simulate(firmware, subject);
    const slowest = searchSlowest(firmware, subject, cycles, 300);
    const matching = slowest.input.filter((value, i) => value > 100 === ((i & 4) === 0)).length;
    expect(matching).toBeGreaterThan(46);
    expect(slowest.cycles).toBeGreaterThan(1.04 * Math.max(...cycles));
    expect(simulate(firmware, { inputs: slowest.input, count: 1 }).cycles).toEqual([slowest.cycles]);
    expect(searchSlowest(firmware, subject, cycles, 300)).toEqual(slowest);
  });

  test("is never below the slowest sample, and its input has the right answer", () => {
    const { firmware, subject } = firmwareWith((source) => source);
    const { cycles } = simulate(firmware, subject);
    const [none, some] = [0, 30].map((tries) => searchSlowest(firmware, subject, cycles, tries));
    expect(none!.cycles).toBe(Math.max(...cycles));
    expect(some!.cycles).toBeGreaterThanOrEqual(none!.cycles);
    expect(verifyOnChip({ ...subject, inputs: some!.input, count: 1 }, firmware).mismatches).toBe(0);
  });
});

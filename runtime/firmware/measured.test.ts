import { describe, expect, test } from "vitest";
import type { Claim, Deployment } from "#compiler/ir/module.js";
import { flashOf, ramOf } from "#compiler/ir/plan.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { verifyOnChip } from "../verify/on-chip.js";
import { buildFirmware } from "./build.js";
import { judge, measuredPlan, modelCost } from "./measured.js";
import { smallFirmware } from "./testing/small-firmware.js";

const target = loadTarget("ch32v003");
const nowhere = { source: { path: "net.bnm", text: "require flash <= 1 KiB" }, start: 0, end: 22 };

const deployment = (name: string, bound: number): Deployment => {
  const claim: Claim = { mode: "require", subject: { name, arguments: {} }, comparison: "<=", bound, dimension: "size", origin: nowhere };
  return { network: "net", target: target.name, targetOrigin: nowhere, settings: {}, claims: [claim], origin: nowhere };
};

/** A model whose C is changed before it is compiled. */
function changed(from: string | RegExp, to: string) {
  const { ingredients, subject } = smallFirmware(target);
  const emission = new Map([...ingredients.emission].map(([path, text]) => [path, path.endsWith(".c") ? text.replace(from, to) : text]));
  return { firmware: buildFirmware({ ...ingredients, emission }), subject };
}

describe.skipIf(findCompiler(target) === undefined)("what was measured", () => {
  test("takes the place of estimates, near to them", () => {
    const firmware = buildFirmware(smallFirmware(target).ingredients);
    const cost = modelCost(firmware);
    expect(cost.flash.weights).toBe(firmware.plan.cost.flash.weights);
    expect(flashOf(cost) / flashOf(firmware.plan.cost)).toBeGreaterThan(0.8);
    expect(flashOf(cost) / flashOf(firmware.plan.cost)).toBeLessThan(1.4);
    expect(ramOf(cost)).toBeLessThanOrEqual(firmware.footprint.ram + firmware.stack.image.bytes);
    expect(measuredPlan(firmware).cost).toEqual(cost);
  });

  test.each(["flash", "ram"])("is held against what the deployment requires of %s, to the byte", (name) => {
    const firmware = buildFirmware(smallFirmware(target).ingredients);
    const cost = modelCost(firmware);
    const needed = name === "flash" ? flashOf(cost) : ramOf(cost);
    expect(judge(firmware, deployment(name, needed))).toEqual([]);
    const [diagnostic, ...others] = judge(firmware, deployment(name, needed - 1));
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: `${name}-budget`, at: { span: nowhere } });
    expect(diagnostic!.notes!.join()).toMatch(name === "flash" ? /`dense1` takes/ : /input 64 B/);
  });

  test("an image that the chip has no flash for says what takes most and what would fit", () => {
    const big = smallFirmware(target, {
      shape: {
        name: "net",
        input: [16, 16],
        layers: [
          [120, "4bitsym"],
          [10, "4bitsym"],
        ],
      },
    });
    const [diagnostic] = judge(buildFirmware(big.ingredients), undefined);
    expect(diagnostic).toMatchObject({
      code: "flash-budget",
      message: expect.stringMatching(/^net needs 1\d(\.\d)? KiB of flash on ch32v003; the chip has 16 KiB$/),
    });
    expect(diagnostic!.help).toMatch(/`weights: \w+` for `dense1` saves .* and fits/);
  });

  test("a stack that does not fit beside the data is found before anything runs, and by the simulator", () => {
    const { firmware, subject } = changed(
      "int32_t *const sums = logits",
      "volatile int8_t hole[1800]; hole[0] = 1;\n    int32_t *const sums = logits",
    );
    expect(firmware.stack.model.bytes).toBeGreaterThan(1800);
    expect(judge(firmware, undefined).map(({ code }) => code)).toEqual(["ram-budget"]);
    expect(() => verifyOnChip(subject, firmware)).toThrow(
      /^the firmware lets the stack grow down to 0x2000[0-9a-f]+, into the static data: .* in (dense1|net_infer)/,
    );
  });

  test("a trap names the function and the address", () => {
    const { firmware, subject } = changed(
      "int32_t *const sums = logits",
      "*(volatile int32_t *)(input + 1);\n    int32_t *const sums = logits",
    );
    expect(() => verifyOnChip(subject, firmware)).toThrow(
      /^the firmware reads a word or half-word from 0x2000[0-9a-f]+, which is not aligned: (c\.)?lw .* in net_infer/,
    );
  });

  test.each([
    [
      "a multiplication on a chip that has none",
      "int32_t *const sums = logits",
      "logits[0] *= logits[1];\n    int32_t *const sums = logits",
      /does not compile|cannot run this firmware/,
    ],
    [
      "recursion",
      "int32_t *const sums = logits",
      "if (input[0] == 100 && input[1] > 3) { if (net_infer(input, logits) > 2) return net_infer(input, logits + 1); }\n    int32_t *const sums = logits",
      /`net_infer` calls itself/,
    ],
  ])("%s is refused", (_, from, to, message) => {
    expect(() => changed(from, to)).toThrow(message);
  });
});

import { kernels } from "../kernels/index.js";
import { expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { seededWeights } from "../cases/emit/perceptron.js";
import type { Interrupts } from "../ir/plan.js";
import { quantizeWeights } from "../reference/run.js";
import { bidding } from "./cover.js";
import { lower } from "./lower.js";
import { fingerprintOf } from "./fingerprint.js";
import { chains, mixed } from "./testing/networks.js";

/** Functions that kernels share are told apart by their names, and all that bid has a say in a fingerprint. */

const interrupts: readonly Interrupts[] = ["allowed", "disabled"];
test.each(["ch32v003", "ch32v002", "host", "cortex_m0"])(
  "on %s a name of a helper stands for one content, whichever kernels are chosen",
  (name) => {
    const target = loadTarget(name);
    let helpers = 0;
    for (const network of [chains, ...mixed]) {
      const levels = quantizeWeights(network, seededWeights(network));
      for (const each of interrupts) {
        const contents = new Map<string, string>();
        for (const helper of bidding(lower(network, { levels, interrupts: each }), target)
          .flat()
          .flatMap(({ offer }) => offer.helpers ?? [])) {
          const content = JSON.stringify(helper);
          expect(contents.get(helper.name) ?? content).toBe(content);
          contents.set(helper.name, content);
        }
        helpers += contents.size;
      }
    }
    expect(helpers).toBeGreaterThan(20);
  },
);

test.each([
  ["ch32v003", "channels-generate"],
  ["ch32v002", "channels-multiply"],
])("on %s the template of %s, which runs channel by channel, is in the fingerprint of a tuning", (name, kernel) => {
  const target = loadTarget(name);
  const templates = loadTemplates();
  const path = `${kernels[kernel]!.template}.c.hbs`;
  const edited = new Map([...templates, [path, `${templates.get(path)!}/* changed */`]]);
  expect(fingerprintOf(chains, target, edited).kernels).not.toBe(fingerprintOf(chains, target, templates).kernels);
});

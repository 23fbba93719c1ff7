import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { emit } from "#compiler/emit/emit.js";
import { runsOf } from "#compiler/ir/plan.js";
import { loadTarget } from "../../targets.js";
import { loadTemplates } from "../../templates.js";
import { verifyInEmulator } from "../../verify/on-chip.js";
import { referenceRows, runOnHost, sanitizers } from "../../verify/testing/host-program.js";

/**
 * `try-extension.ts <target> <kernel> <network>`: runs a network with a kernel wherever it bids, in the target's emulator or as C on the
 * host under the sanitizers, and says how that compares with the reference, as JSON.
 */
const [targetName = "", kernel = "", body = ""] = process.argv.slice(2);
const samples = 16;
const target = loadTarget(targetName);
const network = networkFrom(body, "tried");
const weights = seededWeights(network);
const inputs = seededInputs(network, samples);
const plan = forcedPlan(network, target, (bids) => bids.find((bid) => bid.kernel.name === kernel) ?? bids[0]!);
const emission = emit(plan, weights, loadTemplates(), provenance);
const one = { plan, weights, inputs };

const mismatches = (): number => {
  const emulator = target.chip?.emulator;
  if (emulator !== undefined) {
    return verifyInEmulator({ ...one, emission, templates: loadTemplates(), count: samples }, emulator).mismatches;
  }
  const { answers } = runOnHost([one], [...sanitizers, "-O1"], 60);
  const rows = answers.get("tried")!;
  return referenceRows(one).filter((row, i) => JSON.stringify(row) !== JSON.stringify(rows[i])).length;
};

process.stdout.write(
  JSON.stringify({
    kernels: runsOf(plan.steps).map((run) => run.kernel),
    assembly: [...emission.values()].some((text) => text.includes("__asm__")),
    mismatches: mismatches(),
  }),
);

/**
 * Writes docs/agreement.md: every logit of every model of models/ on every chip that it is deployed to, against the
 * reference: all test images in the host build of the chip's C, some of them and hard inputs in the simulator.
 * Run: npm run build && BNMC_DATA=… npm run bench:agreement
 */
import { join } from "node:path";
import { hasErrors } from "#grammar/diagnostic.js";
import type { Target } from "#compiler/ir/target.js";
import { showCount } from "#compiler/ir/show.js";
import { emitTrained } from "../runtime/cli/emission.js";
import { deploymentOf, trainingOf } from "../runtime/cli/project.js";
import { openData, openTrained, type Trained } from "../runtime/cli/trained.js";
import { code, heading, page, paragraph, table } from "../runtime/markdown.js";
import { buildFirmware } from "../runtime/firmware/build.js";
import { judge } from "../runtime/firmware/measured.js";
import { hardInputs } from "../runtime/firmware/slowest.js";
import { packageRoot, writeFile } from "../runtime/host.js";
import { compileModel } from "../runtime/train/engines/fused/inference.js";
import { verifyOnChip } from "../runtime/verify/on-chip.js";
import { verifyOnHost } from "../runtime/verify/verify.js";
import { type ZooModel, zooModels } from "./chips-zoo.js";

const [onChip, hard] = [1000, 200];

type Data = Awaited<ReturnType<typeof openData>>["test"];

process.chdir(packageRoot);
const rows: (readonly string[])[] = [];
for (const model of zooModels()) {
  const trained = openTrained(model.path, { set: model.set });
  const { test } = await openData(trained.project, trainingOf(trained.project, trained.network).dataset);
  const logits = compileModel(trained.network)!(trained.weights, test.values);
  for (const target of model.targets) {
    const row = [code(model.name), code(target.name), ...mismatches(model, trained, target, test, logits)];
    rows.push(row);
    console.error(row.join(" "));
  }
}
writeFile(
  join(packageRoot, "docs/agreement.md"),
  page(
    heading(1, "Agreement"),
    paragraph(
      "Wrong answers, a logit or a class, of every model of [models/](../models/README.md) on every chip that it is deployed to, held against the reference interpreter. Written by " +
        `\`npm run bench:agreement\` (bench/agreement.ts). *Host*: the C that is emitted for the chip, built for the machine of this run, with all images of the test set, against the reference as WebAssembly. *Chip*: the linked firmware in the simulator, ${showCount(onChip)} ` +
        `images of the test set. *Hard*: the same with ${hard} inputs of extreme values and of images with parts replaced.`,
    ),
    table(["Model", "Chip", "Host", "wrong", "Chip", "wrong", "Hard", "wrong"], rows),
  ),
);

function mismatches({ path, set }: ZooModel, trained: Trained, target: Target, test: Data, expected: Int32Array): readonly string[] {
  const { project, network, weights } = trained;
  const emitted = emitTrained(path, trained, target.name, set, "measured");
  const some = (count: number) => ({ inputs: test.values.subarray(0, count * test.size), count });
  const host = verifyOnHost({ ...emitted, weights, ...some(test.count), expected });
  const firmware = buildFirmware({ ...emitted, demo: { dataset: "", width: 16, samples: [] } });
  const fits = !hasErrors(judge(firmware, deploymentOf(project, network, target.name)));
  const samples = some(Math.min(onChip, test.count));
  const simulated = fits
    ? [samples, hardInputs(samples, hard, network)].map((inputs) => verifyOnChip({ ...emitted, weights, ...inputs }, firmware))
    : [];
  return [host, ...simulated].flatMap(({ samples: count, mismatches: wrong }) => [showCount(count), String(wrong)]);
}

/**
 * Writes docs/writers.md: how the MNIST nets of models/ read digits of other people, those of EMNIST, prepared as each net's own images are.
 * Run: npm run build && BNMC_DATA=… npm run bench:writers
 */
import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import type { Samples } from "#compiler/catalog/samples.js";
import emnist from "#compiler/catalog/sources/emnist.js";
import { prepareDataset } from "#compiler/data/dataset.js";
import { sizeOf } from "#compiler/ir/types.js";
import { trainingOf } from "../runtime/cli/project.js";
import { openTrained } from "../runtime/cli/trained.js";
import { elementReadBy } from "../runtime/data/fits.js";
import { dataHost } from "../runtime/data/host.js";
import { accuracyOf, evaluate } from "../runtime/evaluate/evaluate.js";
import { packageRoot, writeFile } from "../runtime/host.js";
import { code, heading, page, paragraph, table } from "../runtime/markdown.js";
import { zooModels } from "./chips-zoo.js";

process.chdir(packageRoot);
const digits = "0123456789";

/** The samples of the first ten classes. */
function digitsOf({ shape, values, labels }: Samples): Samples {
  const size = sizeOf(shape);
  const kept = [...labels.keys()].filter((sample) => labels[sample]! < digits.length);
  const chosen = new Uint8Array(kept.length * size);
  kept.forEach((sample, at) => chosen.set(values.subarray(sample * size, (sample + 1) * size), at * size));
  return { shape, count: kept.length, values: chosen, labels: Uint8Array.from(kept, (sample) => labels[sample]!) };
}

const { test, origin } = await emnist.load(dataHost({ modelFolder: ".", environment: process.env }), { set: "balanced" });
const others = digitsOf(test);
const rows: (readonly string[])[] = [];
for (const { name, path, set, accuracy } of zooModels()) {
  const { project, network, weights, provenance } = openTrained(path, { set });
  const { dataset } = trainingOf(project, network);
  if (dataset.source.name !== "mnist") continue;
  const splits = { train: others, test: others, classes: [...digits], origin };
  const wanted = { element: elementReadBy(network), ...(provenance.steps && { steps: provenance.steps }) };
  // What is held out to validate is a choice of training data.
  const transforms = dataset.transforms.filter((step) => catalog.transforms[step.name]!.kind !== "arrangement");
  const prepared = prepareDataset(splits, { transforms, augment: [] }, catalog, wanted);
  const reached = accuracyOf(evaluate(network, weights, prepared.test, prepared.classes));
  rows.push([code(name), percent(accuracy), percent(reached), (100 * (accuracy - reached)).toFixed(2)]);
  console.error(rows.at(-1)!.join(" "));
}
writeFile(
  join(packageRoot, "docs/writers.md"),
  page(
    heading(1, "Other writers"),
    paragraph(
      "MNIST's test set has been looked at for decades, and its writers are few. Here the MNIST nets of [models/](../models/README.md) read other people's digits: " +
        `the ${others.count} of the test part of ${origin.replace(/:.*/, "")}, framed as MNIST's are and prepared as each net's own images. None of them was trained or chosen on these. Written by \`npm run bench:writers\` (bench/writers.ts).`,
    ),
    table(["Model", "MNIST, %", "Other writers, %", "less"], rows),
  ),
);

function percent(share: number): string {
  return (100 * share).toFixed(2);
}

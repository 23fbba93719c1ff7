import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset, type PreparedDataset } from "#compiler/data/dataset.js";
import { emit } from "#compiler/emit/emit.js";
import { plan } from "#compiler/plan/plan.js";
import { defaultWeights, examine, networkIn, trainingOf } from "../cli/project.js";
import { dataHost } from "../data/host.js";
import { type Published, zooPage } from "../docs/zoo.js";
import { accuracyOf, evaluate } from "../evaluate/evaluate.js";
import { fileExists, packageRoot } from "../host.js";
import { allTargets } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { verifyOnHost } from "../verify/verify.js";
import { loadWeights } from "../weights/weights.js";

/** Every model of models/ whose weights lie beside it. */
const models = join(packageRoot, "models");
const zoo = readdirSync(models)
  .filter((file) => file.endsWith(".bnm"))
  .flatMap((file) => {
    const project = examine(join(models, file));
    const network = networkIn(project);
    const weightsPath = defaultWeights(project, network, {});
    if (!fileExists(weightsPath)) return [];
    const { weights, provenance } = loadWeights(network, weightsPath);
    return [{ file, network, weights, provenance, dataset: trainingOf(project, network).dataset }];
  });

const isPublishedData = (source: string): boolean => source !== "digits";
const hasData = process.env["BNMC_DATA"] !== undefined;

test("models/README.md says what the weights files say", async () => {
  const published = zoo.map(({ file, network, provenance }): Published => ({ path: `models/${file}`, network, overrides: {}, provenance }));
  await expect(zooPage(published)).toMatchFileSnapshot(join(models, "README.md"));
});

describe.each(zoo)("$file", ({ network, weights, provenance, dataset }) => {
  const skipped = isPublishedData(dataset.source.name) && !hasData;
  let data: PreparedDataset;

  beforeAll(async () => {
    if (!skipped) data = await loadDataset(dataset, dataHost({ modelFolder: models, environment: process.env }), catalog);
  });

  test.skipIf(skipped)(`reaches its published accuracy${skipped ? " (needs BNMC_DATA)" : ""}`, () => {
    expect(accuracyOf(evaluate(network, weights, data.test, data.classes))).toBe(provenance.integerAccuracy);
  });

  test.skipIf(skipped).each(allTargets())(`emitted for $name agrees on every logit${skipped ? " (needs BNMC_DATA)" : ""}`, (target) => {
    const { value, diagnostics } = plan(network, target);
    expect(diagnostics).toEqual([]);
    const templates = loadTemplates();
    const emission = emit(value!, weights, templates, { model: "", weights: "", params: {}, version: "", command: "", classes: [] });
    const verified = verifyOnHost({ plan: value!, weights, emission, templates, inputs: data.test.values, count: data.test.count });
    expect(verified.logits).toBe(data.test.count * data.classes.length);
    expect(verified.mismatches).toBe(0);
  });
});

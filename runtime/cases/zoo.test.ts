import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset, type PreparedDataset } from "#compiler/data/dataset.js";
import { emit } from "#compiler/emit/emit.js";
import type { Deployment } from "#compiler/ir/module.js";
import type { Network } from "#compiler/ir/network.js";
import type { Plan } from "#compiler/ir/plan.js";
import { plan } from "#compiler/plan/plan.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import type { Checked } from "#grammar/diagnostic.js";
import { examine, networkIn, type Project, trainingOf, variantName } from "../cli/project.js";
import { elementReadBy } from "../data/fits.js";
import { dataHost } from "../data/host.js";
import { type Published, zooPage } from "../docs/zoo.js";
import { accuracyOf, evaluationOf, integerLogits, type Logits } from "../evaluate/evaluate.js";
import { packageRoot } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { compileModel } from "../train/engines/fused/inference.js";
import { verifyOnHost } from "../verify/verify.js";
import { loadProvenance, loadWeights } from "../weights/weights.js";

const models = join(packageRoot, "models");
const deploymentsOf = ({ module }: Project, { name }: Network): readonly Deployment[] =>
  module.deployments.filter(({ network }) => network === name);
const filesEnding = (extension: string): readonly string[] => readdirSync(models).filter((file) => file.endsWith(extension));
const modelFiles = new Map(filesEnding(".bnm").map((file) => [networkIn(examine(join(models, file))).name, file]));

/** Every weights file of models/, with the variant of the model that it was trained as. */
const zoo = filesEnding(".safetensors").map((weightsFile) => {
  const file = modelFiles.get(weightsFile.split(".")[0]!)!;
  const weightsPath = join(models, weightsFile);
  const { set = {} } = loadProvenance(weightsPath);
  const project = examine(join(models, file), set);
  const network = networkIn(project);
  const { weights, provenance } = loadWeights(network, weightsPath);
  return {
    file,
    name: variantName(network, set),
    network,
    weightsFile,
    weights,
    provenance,
    dataset: trainingOf(project, network).dataset,
    deployments: deploymentsOf(project, network),
  };
});

test.each(zoo)("$weightsFile lies where its variant is looked for", ({ name, weightsFile }) => {
  expect(weightsFile).toBe(`${name}.safetensors`);
});

const isPublishedData = (source: string): boolean => source !== "digits";
const hasData = process.env["BNMC_DATA"] !== undefined;

test("models/README.md says what the weights files say", async () => {
  const published = zoo.map(({ file, network, provenance }): Published => ({ path: `models/${file}`, network, provenance }));
  await expect(zooPage(published)).toMatchFileSnapshot(join(models, "README.md"));
});

describe.each(zoo)("$name", ({ network, weights, provenance, dataset, deployments }) => {
  const skipped = isPublishedData(dataset.source.name) && !hasData;
  const ways = [{ name: "host", deployment: undefined }, ...deployments.map((deployment) => ({ name: deployment.target, deployment }))];
  let planned: ReadonlyMap<string, Checked<Plan | undefined>>;
  let data: PreparedDataset;
  let logits: Logits;

  beforeAll(async () => {
    const levels = quantizeWeights(network, weights);
    planned = new Map(ways.map(({ name, deployment }) => [name, plan(network, loadTarget(name), deployment, { levels })]));
    if (skipped) return;
    data = await loadDataset(dataset, dataHost({ modelFolder: models, environment: process.env }), catalog, {
      element: elementReadBy(network),
    });
    // The interpreter takes minutes for all images of the larger networks.
    const values = compileModel(network)!(weights, data.test.values);
    logits = { samples: data.test.count, classes: data.classes.length, values };
  });

  test.skipIf(skipped)(`answers in training as the reference does${skipped ? " (needs BNMC_DATA)" : ""}`, () => {
    const count = Math.min(500, data.test.count);
    expect(logits.values.subarray(0, count * logits.classes)).toEqual(integerLogits(network, weights, { ...data.test, count }).values);
  });

  test("fits the chips that it is deployed to", () => {
    for (const [name, { diagnostics }] of planned) expect(diagnostics, name).toEqual([]);
  });

  test.skipIf(skipped)(`reaches its published accuracy${skipped ? " (needs BNMC_DATA)" : ""}`, () => {
    expect(accuracyOf(evaluationOf(logits, data.test.labels, data.classes))).toBe(provenance.integerAccuracy);
  });

  test.skipIf(skipped).each(ways)(`emitted for $name agrees on every logit${skipped ? " (needs BNMC_DATA)" : ""}`, ({ name }) => {
    const value = planned.get(name)!.value!;
    const templates = loadTemplates();
    const emission = emit(value, weights, templates, {
      model: "",
      weights: "",
      params: {},
      version: "",
      command: "",
      classes: [],
      preparation: [],
    });
    // The kernels of chips are slow on the machine of this test.
    const count = value.target.chip === undefined ? data.test.count : Math.min(1000, data.test.count);
    const inputs = data.test.values.subarray(0, count * data.test.size);
    const verified = verifyOnHost({ plan: value, weights, emission, templates, inputs, count, expected: logits.values });
    expect(verified.logits).toBe(count * data.classes.length);
    expect(verified.mismatches).toBe(0);
  });
});

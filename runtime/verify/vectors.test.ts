import { expect, test } from "vitest";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { weightedLayers } from "#compiler/ir/network.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { plan } from "#compiler/plan/plan.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { inputsOf, networkOf, readVectors, vectorFolder, vectorNames } from "./testing/vectors.js";
import { verifyOnHost } from "./verify.js";

test.skipIf(vectorFolder === undefined).each(vectorNames)("%s gives exactly the published logits", (name) => {
  const vectors = readVectors(name);
  const network = networkOf(vectors);
  const published = vectors.layers.flatMap(({ weights }) => (weights === undefined ? [] : [weights]));
  const weights: Weights = new Map(
    weightedLayers(network).map(({ id, weights: { shape, quantizer } }, index): [string, LayerWeights] => {
      const { fullScale } = catalog.quantizers[quantizer]!;
      return [id, { shape, values: Float32Array.from(published[index]!, (level) => level / fullScale), clip: Float32Array.of(1) }];
    }),
  );
  const infer = interpreter(network, quantizeWeights(network, weights));
  expect(inputsOf(vectors).map((input) => [...infer(input)])).toEqual(vectors.logits);

  const templates = loadTemplates();
  const inputs = new Int8Array(Buffer.from(vectors.inputs_int8_base64, "base64"));
  for (const target of ["host", "ch32v003"].map(loadTarget)) {
    const planned = plan(network, target).value!;
    const emission = emit(planned, weights, templates, provenance);
    const result = verifyOnHost({ plan: planned, weights, emission, templates, inputs, count: vectors.samples });
    expect(result.first).toEqual([]);
    expect(result.logits).toBe(vectors.samples * vectors.logits[0]!.length);
  }
});

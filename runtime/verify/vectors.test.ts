import { join } from "node:path";
import { expect, test } from "vitest";
import { perceptron, provenance } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { weightedLayers } from "#compiler/ir/network.js";
import type { LayerWeights, Weights } from "#compiler/ir/weights.js";
import { plan } from "#compiler/plan/plan.js";
import { interpreter, quantizeWeights } from "#compiler/reference/run.js";
import { readText } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { verifyOnHost } from "./verify.js";

/** Trained models of another project, with the logits of its own C engine: BNMC_VECTORS names their folder. */
interface Vectors {
  readonly input_shape: readonly number[];
  readonly layers: readonly { readonly op: string; readonly quantizer: string; readonly units: number; readonly weights: readonly number[] }[];
  readonly samples: number;
  readonly inputs_int8_base64: string;
  readonly logits: readonly (readonly number[])[];
}

const folder = process.env.BNMC_VECTORS;

test.skipIf(folder === undefined).each(["fc-12k-4bitsym", "fc-12k-fp130"])("%s gives exactly the published logits", (name) => {
  const vectors = JSON.parse(readText(join(folder!, `${name}.json`))) as Vectors;
  const layers = vectors.layers.filter(({ op }) => op === "dense");
  const network = perceptron({ name: "vectors", input: vectors.input_shape, layers: layers.map(({ units, quantizer }) => [units, quantizer]) });
  const weights: Weights = new Map(
    weightedLayers(network).map(({ id, weights: { shape, quantizer } }, index): [string, LayerWeights] => {
      const { fullScale } = catalog.quantizers[quantizer]!;
      return [id, { shape, values: Float32Array.from(layers[index]!.weights, (level) => level / fullScale), clip: Float32Array.of(1) }];
    }),
  );
  const inputs = new Int8Array(Buffer.from(vectors.inputs_int8_base64, "base64"));
  const size = inputs.length / vectors.samples;
  const infer = interpreter(network, quantizeWeights(network, weights));
  const logits = Array.from({ length: vectors.samples }, (_, sample) => [...infer(inputs.subarray(sample * size, (sample + 1) * size))]);
  expect(logits).toEqual(vectors.logits);

  const templates = loadTemplates();
  for (const target of ["host", "ch32v003"].map(loadTarget)) {
    const planned = plan(network, target).value!;
    const emission = emit(planned, weights, templates, provenance);
    const result = verifyOnHost({ plan: planned, weights, emission, templates, inputs, count: vectors.samples });
    expect(result.first).toEqual([]);
    expect(result.logits).toBe(vectors.samples * vectors.logits[0]!.length);
  }
});

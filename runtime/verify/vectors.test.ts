import { join } from "node:path";
import { expect, test } from "vitest";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { type Network, weightedLayers } from "#compiler/ir/network.js";
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
  readonly layers: readonly VectorLayer[];
  readonly samples: number;
  readonly inputs_int8_base64: string;
  readonly logits: readonly (readonly number[])[];
}

interface VectorLayer {
  readonly op: string;
  readonly quantizer?: string;
  readonly units?: number;
  readonly out_channels?: number;
  readonly kernel?: number;
  readonly size?: number;
  readonly weights?: readonly number[];
}

const folder = process.env.BNMC_VECTORS;

/** As a model would write it: `flatten` before the first `dense`, `relu` behind all weights but the last. */
function networkOf({ input_shape, layers }: Vectors): Network {
  const convolves = layers[0]!.op === "conv";
  const stages = layers.flatMap(({ op, quantizer, units, out_channels, kernel, size }, at) => {
    const flattens = op === "dense" && layers[at - 1]?.op !== "dense";
    const relu = at < layers.length - 1 ? ["relu"] : [];
    if (op === "maxpool") return [`maxpool(${size})`];
    if (op === "dense") return [...(flattens ? ["flatten"] : []), `dense(${units}, weights: ${quantizer})`, ...relu];
    return [`${op}(${op === "conv" ? `${out_channels}, ` : ""}kernel: ${kernel}, weights: ${quantizer}, norm: none)`, ...relu];
  });
  return networkFrom(`input i8[${[...input_shape, ...(convolves ? [1] : [])].join(", ")}] -> ${stages.join(" -> ")}`, "vectors");
}

test.skipIf(folder === undefined).each(["fc-12k-4bitsym", "fc-12k-fp130", "cnn-16"])("%s gives exactly the published logits", (name) => {
  const vectors = JSON.parse(readText(join(folder!, `${name}.json`))) as Vectors;
  const network = networkOf(vectors);
  const published = vectors.layers.flatMap(({ weights }) => (weights === undefined ? [] : [weights]));
  const weights: Weights = new Map(
    weightedLayers(network).map(({ id, weights: { shape, quantizer } }, index): [string, LayerWeights] => {
      const { fullScale } = catalog.quantizers[quantizer]!;
      return [id, { shape, values: Float32Array.from(published[index]!, (level) => level / fullScale), clip: Float32Array.of(1) }];
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

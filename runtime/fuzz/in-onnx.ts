import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as ort from "onnxruntime-web/wasm";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { exportOnnx } from "#compiler/onnx/export.js";
import { samples, type Subject } from "./subject.js";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = `${dirname(createRequire(import.meta.url).resolve("onnxruntime-web"))}/`;

/** The sums of the exported model in a runtime, [samples, classes]. */
export async function runInOnnx({ network, weights, inputs }: Subject): Promise<Int32Array> {
  const session = await ort.InferenceSession.create(exportOnnx(network, weights, provenance));
  const results = await session.run({ [session.inputNames[0]!]: new ort.Tensor("int8", inputs, [samples, inputs.length / samples]) });
  await session.release();
  return results[session.outputNames[0]!]!.data as Int32Array;
}

import { provenance } from "#compiler/cases/emit/perceptron.js";
import { exportOnnx } from "#compiler/onnx/export.js";
import { runInSession } from "#compiler/onnx/testing/session.js";
import { samples, type Subject } from "./subject.js";

/** The sums of the exported model in a runtime, [samples, classes]. */
export async function runInOnnx({ network, weights, inputs }: Subject): Promise<Int32Array> {
  const [sums] = await runInSession(exportOnnx(network, weights, provenance), inputs, samples);
  return sums![1].data as Int32Array;
}

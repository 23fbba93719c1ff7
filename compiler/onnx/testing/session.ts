import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = `${dirname(createRequire(import.meta.url).resolve("onnxruntime-web"))}/`;

/** What ONNX Runtime gives for int8 inputs, [count, inputs], by the names of the file's outputs, in their order. */
export async function runInSession(
  file: Uint8Array,
  inputs: Int8Array,
  count: number,
): Promise<readonly (readonly [name: string, value: ort.Tensor])[]> {
  const session = await ort.InferenceSession.create(file);
  const results = await session.run({ [session.inputNames[0]!]: new ort.Tensor("int8", inputs, [count, inputs.length / count]) });
  await session.release();
  return session.outputNames.map((name) => [name, results[name]!] as const);
}

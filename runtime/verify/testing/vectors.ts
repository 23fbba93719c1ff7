import { join } from "node:path";
import { networkFrom } from "#compiler/cases/network.js";
import type { Network } from "#compiler/ir/network.js";
import { readText } from "../../host.js";

/** A trained model of another project, with the logits of its own C engine. */
export interface Vectors {
  readonly input_shape: readonly number[];
  readonly layers: readonly VectorLayer[];
  readonly samples: number;
  readonly inputs_int8_base64: string;
  readonly logits: readonly (readonly number[])[];
}

export interface VectorLayer {
  readonly op: string;
  readonly quantizer?: string;
  readonly inputs?: number;
  readonly units?: number;
  readonly in_channels?: number;
  readonly out_channels?: number;
  readonly kernel?: number;
  readonly size?: number;
  readonly weights?: readonly number[];
}

/** BNMC_VECTORS names the folder of the vectors; undefined where there are none. */
export const vectorFolder = process.env["BNMC_VECTORS"];

export const vectorNames = ["fc-12k-4bitsym", "fc-12k-fp130", "cnn-16"] as const;

export const readVectors = (name: string): Vectors => JSON.parse(readText(join(vectorFolder!, `${name}.json`))) as Vectors;

/** The inputs, each by itself. */
export function inputsOf({ inputs_int8_base64, samples }: Vectors): readonly Int8Array[] {
  const all = new Int8Array(Buffer.from(inputs_int8_base64, "base64"));
  const size = all.length / samples;
  return Array.from({ length: samples }, (_, sample) => all.subarray(sample * size, (sample + 1) * size));
}

/** As a model would write it: `flatten` before the first `dense`, `relu` behind all weights but the last. */
export function networkOf({ input_shape, layers }: Vectors): Network {
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

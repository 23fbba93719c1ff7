import type { Layer, Network } from "#compiler/ir/network.js";

/** A dense network as elaboration makes it: `widths` from the inputs to the classes, `relu` between. */
export function perceptron(widths: readonly number[], { weights = "4bitsym", norm = "rms", activations = "8bit" } = {}): Network {
  const layers: Layer[] = [
    { id: "input", op: "input", attributes: {}, inputs: [], type: { element: "i8", shape: [widths[0]!] }, origin: [] },
  ];
  widths.slice(1).forEach((units, i) => {
    const dense: Layer = {
      id: `dense${i + 1}`,
      op: "dense",
      attributes: { units, weights, norm, activations },
      inputs: [layers.at(-1)!.id],
      type: { element: "i32", shape: [units] },
      weights: { shape: [units, widths[i]!], quantizer: weights },
      origin: [],
    };
    const relu: Layer = {
      id: `relu${i + 1}`,
      op: "relu",
      attributes: {},
      inputs: [dense.id],
      type: { element: "i8", shape: [units] },
      origin: [],
    };
    layers.push(dense, ...(i === widths.length - 2 ? [] : [relu]));
  });
  return { name: "perceptron", doc: "", layers, result: layers.at(-1)!.id };
}

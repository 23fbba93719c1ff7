import { convolutional, convolutionParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";
import { count, optional } from "../parameter.js";

const { kernel, stride, padding, weights, norm, activations } = convolutionParameters;

export default defineLayer({
  name: "conv1d",
  summary: "Kernels slide along a sequence, such as a window of sensor readings: every output sees a few moments of the channels.",
  parameters: {
    channels: count("How many kernels; each makes one channel."),
    kernel,
    stride,
    padding,
    groups: optional(count("In how many parts the channels are divided; a kernel sees one part."), 1),
    weights,
    norm,
    activations,
  },
  outputs: "channels",
  ...convolutional(2, (_input, attributes: { channels: number; kernel: number; stride: number; padding: "valid" | "same"; groups: number }) => ({
    ...attributes,
    kernel: { height: attributes.kernel, width: 1 },
  })),
});

import { convolutional, convolutionParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";

const { kernel, stride, padding, weights, norm, activations } = convolutionParameters;

export default defineLayer({
  name: "dwconv",
  summary: "Depthwise: every channel of an image has a kernel of its own, and channels do not meet.",
  parameters: { kernel, stride, padding, weights, norm, activations },
  ...convolutional(3, ({ channels }, attributes: { kernel: number; stride: number; padding: "valid" | "same" }) => ({
    ...attributes,
    channels,
    groups: channels,
    kernel: { height: attributes.kernel, width: attributes.kernel },
  })),
});

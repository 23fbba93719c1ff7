import { convolutional, convolutionParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";
import type { ArgumentsOf } from "../parameter.js";

export default defineLayer({
  name: "conv",
  summary: "2D convolution of an image: every output is a weighted sum of a window of the input channels of its group.",
  parameters: convolutionParameters,
  outputs: "channels",
  ...convolutional(3, (_input, attributes: ArgumentsOf<typeof convolutionParameters>) => ({
    ...attributes,
    kernel: { height: attributes.kernel, width: attributes.kernel },
  })),
});

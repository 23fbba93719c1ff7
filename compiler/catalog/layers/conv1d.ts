import { convolutional, convolutionParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";
import type { ArgumentsOf } from "../parameter.js";

export default defineLayer({
  name: "conv1d",
  summary: "1D convolution of a sequence, such as a window of sensor readings, along its time axis.",
  parameters: convolutionParameters,
  outputs: "channels",
  ...convolutional(2, (_input, attributes: ArgumentsOf<typeof convolutionParameters>) => ({
    ...attributes,
    kernel: { height: attributes.kernel, width: 1 },
  })),
});

import { convolutional, depthwiseParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";
import type { ArgumentsOf } from "../parameter.js";

export default defineLayer({
  name: "dwconv",
  summary: "Depthwise 2D convolution: one filter for each channel of an image; channels are not mixed.",
  parameters: depthwiseParameters,
  ...convolutional(3, ({ channels }, attributes: ArgumentsOf<typeof depthwiseParameters>) => ({
    ...attributes,
    channels,
    groups: channels,
    kernel: { height: attributes.kernel, width: attributes.kernel },
  })),
});

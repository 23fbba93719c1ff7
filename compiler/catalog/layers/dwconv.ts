import { convolutional, depthwiseParameters } from "../convolutional.js";
import { defineLayer } from "../layer.js";
import type { ArgumentsOf } from "../parameter.js";

export default defineLayer({
  name: "dwconv",
  summary: "Depthwise: every channel of an image has a kernel of its own, and channels do not meet.",
  parameters: depthwiseParameters,
  ...convolutional(3, ({ channels }, attributes: ArgumentsOf<typeof depthwiseParameters>) => ({
    ...attributes,
    channels,
    groups: channels,
    kernel: { height: attributes.kernel, width: attributes.kernel },
  })),
});

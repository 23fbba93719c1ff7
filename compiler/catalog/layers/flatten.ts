import { sizeOf } from "../../ir/types.js";
import { defineLayer } from "../layer.js";

export default defineLayer({
  name: "flatten",
  summary: "Turns an image into a vector, channel by channel, each row by row.",
  parameters: {},
  retypes: true,
  infer: ({ element, shape }) => ({ element, shape: [sizeOf(shape)] }),
  train: (on, input, _weights, output) => on.reshape(input, output.shape),
  // Values are channel-major everywhere, so only the type changes.
  reference: ({ input }) => input,
  exact: (_on, { inputs: [input] }) => input!,
});

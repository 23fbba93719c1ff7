import { sizeOf } from "../../ir/types.js";
import { hull } from "../shapes/bounds.js";
import { defineLayer } from "../layer.js";

export default defineLayer({
  name: "flatten",
  summary: "Reshapes an image to a vector in channel-major order (CHW), each channel row by row.",
  parameters: {},
  isReinterpret: true,
  reads: () => "as-wanted",
  infer: ([input]) => ({ ...input!, shape: [sizeOf(input!.shape)] }),
  train: (on, { inputs: [input], outputType }) => on.images?.flatten(input!) ?? on.reshape(input!, outputType.shape),
  // Values are channel-major everywhere, so only the type changes.
  reference: ({ inputs: [input] }) => input!,
  exact: (_on, { inputs: [input] }) => input!,
  bounds: ({ inputs: [input] }) => hull(input!),
});

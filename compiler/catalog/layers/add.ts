import { showType } from "../../ir/types.js";
import { addBounds } from "../shapes/bounds.js";
import { defineLayer, ownChannel } from "../layer.js";
import { valueName } from "../parameter.js";

export default defineLayer({
  name: "add",
  summary: "A residual (skip) connection: adds a value from further up, so that the layers in between learn only the difference.",
  parameters: { value: valueName("What is added, by its `as` name.") },
  reads: () => "i32",
  infer: ([input, other], { value }) => {
    if (input!.element !== "i32") return { needs: "i32 sums", remedy: "put it after a layer with weights" };
    if (showType(input!) !== showType(other!)) return { needs: `what it adds to \`${value}\`, ${showType(other!)}` };
    return input!;
  },
  channelwise: () => ownChannel,
  train: (on, { inputs: [input, other] }) => on.add(input!, other!),
  reference: ({ inputs: [input, other] }) => input!.map((sum, i) => sum + other![i]!),
  exact: (on, { inputs: [input, other] }) => on.add(input!, other!),
  bounds: ({ inputs: [input, other] }) => addBounds(input!, other!),
});

import { defineLayer } from "../layer.js";
import { count } from "../parameter.js";
import { signedActivations } from "../signed.js";

export default defineLayer({
  name: "leaky_relu",
  summary:
    "Leaky rectified linear unit: negative sums are shifted right, rounding down, and kept; all are then requantized to signed activations " +
    "of the fixed range that the next layer reads, by the shift that training finds.",
  parameters: { shift: count("Bits that negative sums are shifted right by: their slope is 1/2, 1/4, 1/8 …", { least: 1, most: 7 }) },
  ...signedActivations<{ readonly shift: ReturnType<typeof count> }>({
    of: (sum, { shift }) => (sum < 0 ? sum >> shift : sum),
    train: (on, sums, { shift }) => {
      const leaked = on.scale(on.relu(on.scale(sums, -1)), -(2 ** -shift));
      return on.add(on.relu(sums), on.straightThrough(on.floor(leaked), leaked));
    },
    exact: (on, sums, { shift }) => on.add(on.atLeast(sums, 0), on.divideDown(on.atMost(sums, 0), 2 ** shift)),
  }),
});

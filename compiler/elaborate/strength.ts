import { catalog } from "../catalog/index.js";
import type { Dataset, Training } from "../ir/module.js";
import type { Network } from "../ir/network.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";

/** Warns of models that read one feature, a value or a series of them, but cannot tell strong samples from weak ones of one form. */
export function checkStrength({ name, layers }: Network, dataset: Dataset, { origin }: Training, report: Report): void {
  const input = layers[0]!;
  const { shape } = input.type;
  // [16, 16, 1] is an image: how bright it is says more about the light.
  if (shape.length > 2 || shape.at(-1) !== 1) return;
  // Constants are biases and the shifts of fixed ranges.
  const missing = [
    ...(losesStrength(dataset) ? [{ cause: "each sample is scaled by itself", help: "end `samples:` with `scale(per: set)`" }] : []),
    ...(layers.some(({ constants }) => constants !== undefined)
      ? []
      : [{ cause: "no layer has a bias or a fixed range", help: "set `range: fixed` and `bias: yes` in the model" }]),
  ];
  if (missing.length === 0) return;
  report(
    problem(
      "lost-strength",
      origin,
      { model: name, cause: missing.map(({ cause }) => cause).join(", and ") },
      {
        related: [{ span: input.origin[0]!, text: shape.length === 1 ? "one value" : "one feature" }],
        help: missing.map(({ help }) => help).join(", and "),
      },
    ),
  );
}

const losesStrength = ({ transforms }: Dataset): boolean =>
  transforms.some(({ name, arguments: settings }) => {
    const transform = catalog.transforms[name]!;
    return transform.kind === "quantization" && transform.losesStrength(settings);
  });

import { networkFrom } from "#compiler/cases/network.js";
import { catalog } from "#compiler/catalog/index.js";
import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import type { Network } from "#compiler/ir/network.js";
import { perceptron } from "../../testing/perceptron.js";
import { shortTraining } from "../../testing/settings.js";

/** A network with a training: together these meet all that a program has a text for. */
export interface Variant {
  readonly name: string;
  readonly network: Network;
  readonly settings: TrainSettings;
}

const variant = (name: string, choices: Parameters<typeof perceptron>[1], settings: Partial<TrainSettings> = {}): Variant => ({
  name,
  network: perceptron([12, 9, 4], choices),
  settings: shortTraining(settings),
});

const sgd = { name: "sgd", arguments: { momentum: 0.8, decay: 0.02 } };
const adam = { name: "adam", arguments: { beta1: 0.8, beta2: 0.99, epsilon: 1e-7, decay: 0.01 } };
const plainVariants: readonly Variant[] = [
  ...Object.keys(catalog.quantizers).map((weights) => variant(`format-${weights}`, { weights })),
  ...Object.keys(catalog.norms).map((norm) => variant(`norm-${norm}`, { norm })),
  variant("shift", { activations: "8bit_shift" }),
  variant("sgd", {}, { optimizer: sgd }),
  variant("decay", {}, { optimizer: adam, balance: "classes" }),
  variant("per-output", {}, { clip: { name: "octav", arguments: { per: "output", until: Number.MAX_SAFE_INTEGER } } }),
  variant("proportional", {}, { clip: { name: "proportional", arguments: { per: "tensor", scale: 0.3, until: 2 } } }),
  variant("largest", {}, { clip: { name: "proportional", arguments: { per: "output", scale: 1.1, until: 2 } } }),
  variant("learned", {}, { optimizer: adam, clip: { name: "learned", arguments: { speed: 2 } } }),
  variant("learned-sgd", { weights: "nf4" }, { optimizer: sgd, clip: { name: "learned", arguments: { speed: 1 } } }),
  variant("average", {}, { optimizer: adam, average: 5 }),
  variant(
    "later",
    { weights: "2bitsym" },
    {
      quantize: { name: "later", arguments: { after: 2, first: "8bit", only: [] } },
      clip: { name: "octav", arguments: { per: "tensor", until: 1 } },
    },
  ),
  variant(
    "by-layer",
    { weights: "ternary" },
    {
      quantize: { name: "by_layer", arguments: { after: 1, every: 1, first: "4bit" } },
      average: 3,
      clip: { name: "octav", arguments: { per: "output", until: 9 } },
    },
  ),
  variant(
    "later-learned",
    {},
    { quantize: { name: "later", arguments: { after: 1, first: "8bit", only: [] } }, clip: { name: "learned", arguments: { speed: 2 } } },
  ),
  variant("smoothing", {}, { smoothing: 0.2, balance: "classes" }),
  variant("warm-up", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0.002, warm_up: 2, halve_at: 0 } } }),
  variant("halved", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0.002, warm_up: 2, halve_at: 1 } } }),
  variant("halved-to-zero", {}, { epochs: 10, rate: { name: "cosine", arguments: { from: 0.01, to: 0, warm_up: 0, halve_at: 2 } } }),
  variant("halve", {}, { rate: { name: "halve", arguments: { from: 0.01, at: 2 } } }),
  variant("step", {}, { rate: { name: "step", arguments: { from: 0.01, every: 1, by: 0.7 } } }),
  variant("restarts", {}, { epochs: 9, rate: { name: "restarts", arguments: { from: 0.01, to: 0.001, every: 1, by: 0.9, longer: 2 } } }),
];

/** Nets over images of the twelve values. */
const imageVariants: readonly Variant[] = (
  [
    [
      "image-channels",
      "input i8[4, 3, 1] -> conv(4, kernel: 2, norm: none) -> relu -> dwconv(kernel: 2, padding: same, norm: none) -> maxpool(2)",
    ],
    [
      "image-skip",
      "input i8[6, 2] -> conv1d(4, kernel: 2, groups: 2, norm: none) as a -> relu -> conv1d(4, padding: same, norm: none) -> add(a) -> avgpool(2)",
    ],
    ["image-norm", "input i8[3, 2, 2] -> conv(3, kernel: 2, padding: same)"],
    ["image-groups", "input i8[3, 1, 4] -> conv(6, kernel: 1, groups: 2, stride: 2, norm: none)"],
    ["image-sums", "input i8[6, 2, 1] -> conv(4, kernel: 1) -> relu -> sumpool(2) -> relu -> conv(3, kernel: 1) -> relu -> sumpool"],
    ["image-bytes", "input i8[2, 2, 3] -> maxpool(2) -> conv(5, kernel: 1)"],
  ] as const
).map(([name, layers]) => ({
  name,
  network: networkFrom(`weights: 8bit ${layers} -> relu -> flatten -> dense(4)`, "sliding"),
  settings: shortTraining(),
}));

/** Of few bits some gradients are zero but for rounding, of which adam would make whole steps. */
const few = { optimizer: sgd };

/** Weights of which other shifts come where all bits may be set. */
const fewOnes = { ...few, seed: 2 };

/** Nets of fixed ranges, as elaboration makes them by default: with biases. */
const rangedVariants: readonly Variant[] = (
  [
    ["ranged-perceptron", "input i8[12] -> dense(9) -> relu -> dense(4)", { optimizer: adam }],
    ["ranged-average", "input i8[12] -> dense(9) -> relu -> dense(6) -> relu -> dense(4)", { optimizer: adam, average: 5 }],
    ["ranged-sgd", "input i8[12] -> dense(9, weights: binary) -> relu -> dense(4)", { optimizer: sgd, sparsity: 0.05 }],
    [
      "ranged-learned",
      "input i8[12] -> dense(9) -> relu -> dense(4)",
      { optimizer: adam, clip: { name: "learned", arguments: { speed: 2 } } },
    ],
    [
      "ranged-later",
      "input i8[12] -> dense(9) -> relu -> dense(4)",
      { quantize: { name: "later", arguments: { after: 2, first: "8bit", only: [] } } },
    ],
    ["ranged-long", "input i8[12] -> dense(9) -> relu -> dense(4)", { epochs: 9, sparsity: 0.1 }],
    ["ranged-without-bias", "range: fixed bias: no input i8[12] -> dense(9) -> relu -> dense(4)", {}],
    ["ranged-leaky", "input i8[12] -> dense(9) -> leaky_relu(2) -> dense(6) -> requantize -> dense(4)", { sparsity: 0.02 }],
    ["ranged-named", "input i8[12] -> dense(9) as image -> relu as shifted -> dense(4) as ranges", {}],
    [
      "ranged-image",
      "input i8[4, 3, 1] -> conv(4, kernel: 2) -> relu -> dwconv(kernel: 2, padding: same) -> requantize -> conv(5, kernel: 1) -> relu -> maxpool(2) -> flatten -> dense(4)",
      { sparsity: 0.01 },
    ],
    [
      "ranged-pools",
      "input i8[6, 2] -> conv1d(4, kernel: 2, groups: 2) as a -> relu -> conv1d(4, padding: same) -> leaky_relu(1) -> sumpool(2) -> relu -> conv1d(3, kernel: 1) -> relu -> sumpool -> relu -> flatten -> dense(4)",
      {},
    ],
    ["ranged-whole-maps", "input i8[4, 3, 1] -> conv(4, kernel: 2) -> relu -> maxpool -> flatten -> dense(4)", {}],
    ["ranged-skip", "input i8[6, 2] -> conv1d(4, kernel: 3, padding: same) as a -> relu -> add(a) -> relu -> flatten -> dense(4)", {}],
    ...["1of3bit", "1of4bit", "2of4bit", "2of6bit"].map(
      (bits) =>
        [
          `ranged-${bits}`,
          `input i8[12] -> dense(9) -> relu -> dense(6, activations: ${bits}) -> relu -> dense(4, activations: ${bits})`,
          fewOnes,
        ] as const,
    ),
    [
      "ranged-ones-of-some",
      "input i8[12] -> dense(9) -> relu -> dense(6, activations: 2of7bit) -> leaky_relu(2) -> dense(4)",
      { sparsity: 0.03 },
    ],
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((bits) => [
      [`ranged-${bits}bit`, `activations: ${bits}bit input u${bits}[12] -> dense(9) -> relu -> dense(4)`, few] as const,
      [`ranged-i${bits}`, `activations: ${bits}bit input i${bits}[12] -> dense(9) -> leaky_relu(3) -> dense(4)`, few] as const,
      [
        `sample-${bits}bit`,
        `range: sample bias: no activations: ${bits}bit input u${bits}[12] -> dense(9) -> relu -> dense(4)`,
        few,
      ] as const,
    ]),
  ] as const
).map(([name, layers, settings]) => ({
  name,
  network: networkFrom(`weights: 4bitsym ${layers.startsWith("range") ? "" : "range: fixed bias: yes"} ${layers}`, "ranged"),
  settings: shortTraining(settings),
}));

export const everyVariant: readonly Variant[] = [...plainVariants, ...imageVariants, ...rangedVariants];

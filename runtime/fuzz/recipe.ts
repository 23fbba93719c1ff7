import fc from "fast-check";
import { catalog } from "#compiler/catalog/index.js";

/** How weights are drawn: all levels alike, the outermost only, rows of one sign, the smallest only. */
export const weightKinds = ["all", "outermost", "one-sided", "smallest"] as const;

const operations = ["conv", "dense", "relu", "maxpool", "avgpool", "sumpool", "skip"] as const;

/** What makes activations of a fixed range. */
const activationFunctions = ["relu", "relu", "requantize", "leaky_relu(1)", "leaky_relu(3)", "leaky_relu(7)"] as const;

/** Elements that inputs may have. */
const elements = ["i1", "i2", "i3", "i4", "i5", "i6", "i7", "u1", "u2", "u3", "u4", "u5", "u6", "u7"] as const;

const targets = ["host", "ch32v003", "ch32v002", "cortex_m0"] as const;

/** One stage of a net; numbers are folded into what is possible where it stands. */
const stages = fc.record({
  op: fc.constantFrom(...operations, "conv"),
  size: fc.nat({ max: 60 }),
  kernel: fc.nat({ max: 6 }),
  stride: fc.nat({ max: 2 }),
  groups: fc.nat({ max: 3 }),
  same: fc.boolean(),
  depthwise: fc.boolean(),
  format: fc.constantFrom(...Object.keys(catalog.quantizers)),
  norm: fc.constantFrom(...Object.keys(catalog.norms)),
  activations: fc.constantFrom(...Object.keys(catalog.activations)),
  range: fc.constantFrom("sample", "fixed"),
  activate: fc.constantFrom(...activationFunctions),
  bias: fc.constantFrom("no", "yes"),
});

export type Stage = typeof stages extends fc.Arbitrary<infer T> ? T : never;

const drawn = fc.record({
  kind: fc.constantFrom("vector", "map", "sequence"),
  element: fc.constantFrom("i8", "i8", ...elements),
  extents: fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 11 }), fc.nat({ max: 5 })),
  stages: fc.array(stages, { maxLength: 6 }),
  last: stages,
  weights: fc.constantFrom(...weightKinds),
  target: fc.constantFrom(...targets),
  interrupts: fc.constantFrom("allowed", "disabled"),
  input: fc.constantFrom("kept", "overwritten"),
  known: fc.boolean(),
  seed: fc.nat(),
  usual: fc.nat({ max: 3 }),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** All that a trial is made from: fast-check draws it from a seed and makes it smaller. Chance alone hardly meets networks as people write them. */
export const recipes = drawn.map(({ usual, ...recipe }) => (usual === 1 ? usualOf(recipe) : recipe));

/** A convolutional network for images, trained with fixed ranges. */
function usualOf({ extents: [length, side], stages, last, ...recipe }: Omit<Drawn, "usual">): Omit<Drawn, "usual"> {
  const plain = (stage: Stage): Stage => ({
    ...stage,
    stride: 0,
    groups: 0,
    same: false,
    depthwise: false,
    range: "fixed",
    activate: "relu",
  });
  const [first = last, ...others] = stages.map(plain);
  return {
    ...recipe,
    kind: "map",
    extents: [length, 3 + side, 0],
    stages: [{ ...first, op: "conv" }, ...others],
    last: plain(last),
    known: true,
  };
}

export type Recipe = typeof recipes extends fc.Arbitrary<infer T> ? T : never;

import type { Samples } from "#compiler/catalog/samples.js";
import { type PreparedDataset, prepareDataset } from "#compiler/data/dataset.js";
import { catalog } from "#compiler/catalog/index.js";
import { random } from "#compiler/random.js";

interface ClusterOptions {
  readonly classes?: number;
  readonly features?: number;
  readonly train?: number;
  readonly test?: number;
  readonly validate?: number;
  /** Standard deviation of the samples around their centre, where centres are about 1 apart in every feature. */
  readonly spread?: number;
}

/** Samples scattered around one random centre per class: easy to learn, impossible to guess. */
export function clusters({
  classes = 4,
  features = 16,
  train = 600,
  test = 200,
  validate,
  spread = 0.7,
}: ClusterOptions = {}): PreparedDataset {
  const place = random("clusters", "centres");
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, () => place.normal()));
  const scatter = (name: string, count: number): Samples => {
    const source = random("clusters", name);
    const labels = Uint8Array.from({ length: count }, () => source.below(classes));
    const values = new Float32Array(count * features);
    for (let i = 0; i < values.length; i++) {
      values[i] = centres[labels[Math.floor(i / features)]!]![i % features]! + spread * source.normal();
    }
    return { shape: [features], count, values, labels };
  };
  const splits = {
    train: scatter("train", train),
    test: scatter("test", test),
    ...(validate === undefined ? {} : { validate: scatter("validate", validate) }),
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    origin: "clusters",
  };
  return prepareDataset(splits, { transforms: [], augment: [] }, catalog);
}

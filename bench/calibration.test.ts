import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot, readText } from "../runtime/host.js";
import { type Sequence, sequenceTable } from "./calibration-sequences.js";

const published = parse(readText(join(packageRoot, "bench/published.yaml"))) as {
  readonly sources: Readonly<Record<string, string>>;
  readonly sequences: readonly (Sequence & { readonly source: string })[];
  readonly inferences: readonly { readonly source: string }[];
};

test("docs/calibration.md says what the simulator says now", () => {
  expect(readText(join(packageRoot, "docs/calibration.md"))).toContain(sequenceTable(published.sequences));
});

test("every sequence takes as long as on the chip", () => {
  expect(sequenceTable(published.sequences).match(/exact/g)).toHaveLength(published.sequences.length);
});

test("every figure has a source", () => {
  for (const { source } of [...published.sequences, ...published.inferences]) expect(published.sources).toHaveProperty(source);
});

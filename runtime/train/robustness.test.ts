import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../failure.js";
import type { TrainingEvent } from "./events.js";
import { fit, type FitTask, type TrainingResult } from "./fit.js";
import { clusters } from "./testing/clusters.js";
import { perceptron } from "./testing/perceptron.js";
import { shortTraining } from "./testing/settings.js";

/** What happens around a training must not cost what was saved. */
let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "bnmc-robust-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const data = clusters();
const train = (runFolder: string, changes: Partial<FitTask> = {}): Promise<TrainingResult> =>
  fit({ network: perceptron([16, 12, 4]), settings: shortTraining(), data, runFolder, ...changes });

const failureOf = async (training: Promise<unknown>): Promise<Failure> => {
  const error = await training.then(
    () => new Error("went well"),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
};

/** Acts after an epoch, before its checkpoint is saved. */
const afterEpoch = (epoch: number, act: () => void): Pick<FitTask, "report"> => ({
  report: (event: TrainingEvent) => void (event.kind === "epoch" && event.epoch === epoch && act()),
});

/** A disk of 64 KiB in memory, or why there can be none. */
function smallDisk(): string | undefined {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status === 0 ? disk : undefined;
}

const mountable = process.getuid?.() === 0 && process.platform === "linux";

describe.skipIf(!mountable)(`a disk that becomes full${mountable ? "" : " (skipped: only root of Linux can mount a small one)"}`, () => {
  let disk = "";
  beforeEach((context) => {
    const mounted = smallDisk();
    if (mounted === undefined) return context.skip("mount is not allowed here");
    disk = mounted;
  });
  afterEach(() => void (disk !== "" && spawnSync("umount", [disk])));

  const filler = () => join(disk, "filler");
  /** Leaves no block free. */
  const fill = (): void => {
    for (const size of [4096, 1]) {
      try {
        for (let i = 0; ; i++) writeFileSync(`${filler()}.${size}.${i}`, new Uint8Array(size));
      } catch (error) {
        expect(error).toHaveProperty("code", "ENOSPC");
      }
    }
  };
  const free = (): void =>
    readdirSync(disk)
      .filter((name) => name.startsWith("filler"))
      .forEach((name) => rmSync(join(disk, name)));

  test("while a training runs says so, keeps the last checkpoint whole, and can be resumed", async () => {
    await train(join(folder, "whole"));
    const run = join(disk, "run");
    const failure = await failureOf(train(run, afterEpoch(2, fill)));
    expect(failure.message).toBe(`cannot write ${join(run, "checkpoint.safetensors")}: the disk is full`);
    expect(failure.remedy).toContain("space");
    expect(readdirSync(run).filter((name) => name.endsWith(".part"))).toEqual([]);
    free();
    await train(run, { resume: true });
    expect(readFileSync(join(run, "weights.safetensors"))).toEqual(readFileSync(join(folder, "whole/weights.safetensors")));
  });

  test("while threads keep augmented samples says so, too", async () => {
    const augmented = {
      ...clusters({ train: 1500 }),
      augments: [(from, to) => to.set(from)],
      recipe: { transforms: [], augment: [{ name: "jitter", arguments: { share: 0.1 } }] },
    } satisfies FitTask["data"];
    const run = join(disk, "run");
    const failure = await failureOf(train(run, { data: augmented, settings: shortTraining({ epochs: 9, pool: 8 }) }));
    expect(failure.message).toMatch(/^cannot write .*: the disk is full$/);
    expect(failure.remedy).toContain("space");
  });

  test("leaves the weights of the run before as they were", async () => {
    const run = join(disk, "run");
    await train(run);
    const before = readFileSync(join(run, "weights.safetensors"));
    const failure = await failureOf(train(run, { resume: true, settings: shortTraining({ epochs: 5 }), ...afterEpoch(5, fill) }));
    expect(failure.message).toContain("the disk is full");
    expect(readFileSync(join(run, "weights.safetensors"))).toEqual(before);
  });
});

describe("a checkpoint that is damaged", () => {
  test.each([0, 7, 100, 1000, -1])("by being cut to %i bytes is refused and left as it is", async (size) => {
    const run = join(folder, "run");
    await train(run);
    const checkpoint = join(run, "checkpoint.safetensors");
    const length = readFileSync(checkpoint).length;
    truncateSync(checkpoint, size < 0 ? length + size : size);
    const [damaged, weights] = [readFileSync(checkpoint), readFileSync(join(run, "weights.safetensors"))];
    const failure = await failureOf(train(run, { resume: true }));
    expect(failure.message).toMatch(/checkpoint\.safetensors cannot be read as weights: /);
    expect(failure.remedy).toMatch(/train again/);
    expect(readFileSync(checkpoint)).toEqual(damaged);
    expect(readFileSync(join(run, "weights.safetensors"))).toEqual(weights);
  });

  test("in its place in the run is refused", async () => {
    const run = join(folder, "run");
    await train(run);
    copyFileSync(join(run, "weights.safetensors"), join(run, "checkpoint.safetensors"));
    expect((await failureOf(train(run, { resume: true }))).message).toMatch(/holds no place to resume at/);
  });
});

test("data that does not fit is refused before anything is written", async () => {
  const run = join(folder, "run");
  expect((await failureOf(train(run, { network: perceptron([8, 4]) }))).message).toContain("reads [8], but the samples are [16]");
  expect((await failureOf(train(run, { network: perceptron([16, 3]) }))).message).toContain("one of 3 classes, but the data has 4");
  expect(existsSync(run)).toBe(false);
});

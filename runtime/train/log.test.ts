import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EpochReport } from "./events.js";
import { openLog } from "./log.js";
import { runFolder } from "./run-folder.js";
import { eventRecord, versionRecord } from "./tensorboard.js";

let path = "";
beforeEach(() => void (path = mkdtempSync(join(tmpdir(), "bnmc-log-"))));
afterEach(() => rmSync(path, { recursive: true }));

const report = (epoch: number): EpochReport => ({
  epoch,
  epochs: 9,
  samples: 100,
  loss: 1 / 2 ** epoch,
  accuracy: 0.9,
  integerAccuracy: 0.8,
  validationAccuracy: 0.85,
  layers: { dense1: { entropy: 3.5, positive: 0.4, digits: 0.9 } },
  cycles: { ch32v003: 66247 },
  rate: 0.01,
  seconds: 1,
});

const logged = (): unknown[] =>
  readFileSync(runFolder(path).metrics, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

const eventFiles = (): string[] => readdirSync(path).filter((name) => name.startsWith("events.out.tfevents."));

test("metrics are the reports of the epochs, a JSON line each", () => {
  const log = openLog(runFolder(path), 0);
  for (const epoch of [1, 2]) log({ kind: "epoch", ...report(epoch) });
  expect(logged()).toEqual([report(1), report(2)]);
});

test("TensorBoard gets a version and an event for each epoch", () => {
  const log = openLog(runFolder(path), 0);
  log({ kind: "epoch", ...report(1) });
  const names = {
    "loss/train": 0,
    "accuracy/train": 0,
    "accuracy/test-integer": 0,
    "accuracy/validate-integer": 0,
    "learning-rate": 0,
    "entropy/dense1": 0,
    "positive/dense1": 0,
    "digits/dense1": 0,
    "cycles/ch32v003": 0,
  };
  expect(eventFiles()).toHaveLength(1);
  expect(statSync(join(path, eventFiles()[0]!)).size).toBe(versionRecord(0).length + eventRecord(0, 1, names).length);
  expect(readFileSync(join(path, eventFiles()[0]!)).includes("accuracy/validate-integer")).toBe(true);
});

test("a resumed run keeps the epochs that its checkpoint has, and no line of later ones", () => {
  const before = openLog(runFolder(path), 0);
  for (const epoch of [1, 2, 3]) before({ kind: "epoch", ...report(epoch) });
  appendFileSync(runFolder(path).metrics, '{"epoch":4,"epo');
  const after = openLog(runFolder(path), 2);
  after({ kind: "epoch", ...report(3) });
  expect(logged()).toEqual([report(1), report(2), report(3)]);
});

test("a new run starts its files anew", () => {
  openLog(runFolder(path), 0)({ kind: "epoch", ...report(1) });
  openLog(runFolder(path), 0);
  expect(logged()).toEqual([]);
  expect(eventFiles()).toHaveLength(1);
  expect(statSync(join(path, eventFiles()[0]!)).size).toBe(versionRecord(0).length);
});

import { join } from "node:path";
import { appendToFile, fileExists, namesIn, readText, removeFile, writeFile } from "../host.js";
import type { EpochReport, Report } from "./events.js";
import type { RunFolder } from "./run-folder.js";
import { eventRecord, type Scalars, versionRecord } from "./tensorboard.js";

/** What names TensorBoard's files as ours. */
const suffix = ".bnmc";

/**
 * Keeps the metrics of a run: a JSON line per epoch in `metrics.jsonl`, and an event file that TensorBoard reads. A
 * resumed run keeps the lines of the epochs that its checkpoint has; a new one starts the files anew.
 */
export function openLog(folder: RunFolder, finishedEpochs: number): Report {
  writeFile(folder.metrics, keptLines(folder, finishedEpochs));
  if (finishedEpochs === 0) for (const name of namesIn(folder.path)) if (name.endsWith(suffix)) removeFile(join(folder.path, name));
  const events = join(folder.path, `events.out.tfevents.${Math.floor(Date.now() / 1000)}${suffix}`);
  appendToFile(events, versionRecord(Date.now() / 1000));
  return (event) => {
    if (event.kind !== "epoch") return;
    const { kind: _, ...report } = event;
    appendToFile(folder.metrics, `${JSON.stringify(report, rounded)}\n`);
    appendToFile(events, eventRecord(Date.now() / 1000, report.epoch, scalarsOf(report)));
  };
}

/** Six digits are more than anything here is known to. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

function keptLines({ metrics }: RunFolder, finishedEpochs: number): string {
  if (finishedEpochs === 0 || !fileExists(metrics)) return "";
  const lines = readText(metrics).split("\n").slice(0, finishedEpochs);
  return lines.map((line) => `${line}\n`).join("");
}

const scalarsOf = ({ loss, accuracy, integerAccuracy, validationAccuracy, layers, cycles = {}, rate }: EpochReport): Scalars => ({
  "loss/train": loss,
  "accuracy/train": accuracy,
  "accuracy/test-integer": integerAccuracy,
  ...(validationAccuracy === undefined ? {} : { "accuracy/validate-integer": validationAccuracy }),
  "learning-rate": rate,
  ...Object.fromEntries(
    Object.entries(layers).flatMap(([id, { entropy, positive, digits }]) => [
      [`entropy/${id}`, entropy],
      [`positive/${id}`, positive],
      [`digits/${id}`, digits],
    ]),
  ),
  ...Object.fromEntries(Object.entries(cycles).map(([target, count]) => [`cycles/${target}`, count])),
});

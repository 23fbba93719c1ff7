import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { fit, type FitTask, type TrainingResult } from "../fit.js";
import { clusters } from "./clusters.js";
import { perceptron } from "./perceptron.js";
import { shortTraining } from "./settings.js";

/** What short trainings learn from, and the network that learns it. */
export const data = clusters();
export const network = perceptron([16, 12, 4]);

/** Trainings in a folder that every test of a file has for itself. */
export function temporaryRuns() {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "bnmc-fit-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (name: string, file = ""): string => join(folder, name, file);
  return {
    path,
    train: (name: string, changes: Partial<FitTask> = {}): Promise<TrainingResult> =>
      fit({ network, settings: shortTraining(), data, runFolder: path(name), ...changes }),
    bytesOf: (name: string, file = "weights.safetensors"): Buffer => readFileSync(path(name, file)),
  };
}

/** Aborts after so many steps of this session. */
export function stopAfter(steps: number): Pick<FitTask, "report" | "signal"> {
  const controller = new AbortController();
  let taken = 0;
  return { signal: controller.signal, report: ({ kind }) => void (kind === "step" && ++taken === steps && controller.abort()) };
}

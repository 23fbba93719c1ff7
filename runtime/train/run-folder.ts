import { join } from "node:path";
import { Failure } from "../failure.js";
import { fileExists, numberedPath, rename } from "../host.js";
import { takeLock } from "../lock.js";

/** The files of one run, under `runs/<name>`. */
export interface RunFolder {
  /** Where to resume; replaced after every epoch. */
  readonly checkpoint: string;
  /** The best epoch so far by validation data. */
  readonly best: string;
  /** What training gave. */
  readonly weights: string;
  /** One JSON line per epoch. */
  readonly metrics: string;
  /** Changed samples that are shown again; only while training runs. */
  readonly pool: string;
  readonly path: string;
}

export const runFolder = (path: string): RunFolder => ({
  path,
  checkpoint: join(path, "checkpoint.safetensors"),
  best: join(path, "best.safetensors"),
  weights: join(path, "weights.safetensors"),
  metrics: join(path, "metrics.jsonl"),
  pool: join(path, "pool"),
});

/**
 * Takes a run folder for one process, which alone writes to it until it calls what is given back; throws a `Failure` while another one
 * trains into it. The lock lies beside the folder, which may be moved.
 */
export function lockRun(path: string): () => void {
  const lock = takeLock(`${path}.lock`);
  if ("release" in lock) return lock.release;
  throw new Failure(
    `another training is at work in ${path}: ${lock.heldBy}`,
    `wait until it has ended, or give this one a folder of its own with --runs; if there is none, remove ${path}.lock`,
  );
}

/** A run that starts anew leaves the one before it, finished or not, under a number: that folder, or undefined when there was none. */
export function setAside(path: string): string | undefined {
  if (!fileExists(runFolder(path).checkpoint)) return undefined;
  const aside = numberedPath(path, 1);
  rename(path, aside);
  return aside;
}

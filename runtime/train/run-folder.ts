import { join } from "node:path";

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
  readonly path: string;
}

export const runFolder = (path: string): RunFolder => ({
  path,
  checkpoint: join(path, "checkpoint.safetensors"),
  best: join(path, "best.safetensors"),
  weights: join(path, "weights.safetensors"),
  metrics: join(path, "metrics.jsonl"),
});

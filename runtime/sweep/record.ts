import { createHash } from "node:crypto";
import { join } from "node:path";
import { definitionOf } from "#compiler/ir/hash.js";
import { fileExists, readBytes, readText, writeFile } from "../host.js";
import { runFolder } from "../train/run-folder.js";
import type { Variant, VariantResult } from "./variant.js";

/** All that a variant's weights follow from, as plain data: two runs of one identity are the same run. */
export interface Identity {
  readonly network: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataset: Readonly<Record<string, unknown>>;
  /** Engines give the same weights but for rounding. */
  readonly engine: string;
}

export const identityOf = ({
  network,
  settings,
  dataset: { source, transforms, augment },
  engine,
}: Pick<Variant, "network" | "settings" | "dataset" | "engine">): Identity => ({
  network: definitionOf(network),
  settings: { ...settings },
  dataset: { source, transforms, augment },
  engine,
});

/** `variant.json` of a run folder: whose run it is and, at its end, what it gave. */
interface VariantRecord {
  readonly identity: Identity;
  readonly result?: VariantResult;
}

/** What lies in a run folder before a sweep uses it; `foreign` is the run of another identity, or of none. */
export type Standing =
  { readonly kind: "finished"; readonly result: VariantResult } | { readonly kind: "unfinished" | "untouched" | "foreign" };

export function standingOf(path: string, identity: Identity): Standing {
  const { checkpoint, weights } = runFolder(path);
  if (!fileExists(checkpoint)) return { kind: "untouched" };
  const record = readRecord(path);
  if (JSON.stringify(record?.identity) !== JSON.stringify(identity)) return { kind: "foreign" };
  const result = record?.result;
  // Weights that were trained on since are no longer those of the result.
  const isCurrent = result !== undefined && fileExists(weights) && hashOf(weights) === result.weights;
  return isCurrent ? { kind: "finished", result } : { kind: "unfinished" };
}

export const writeRecord = (path: string, record: VariantRecord): void =>
  writeFile(recordIn(path), `${JSON.stringify(record, undefined, 2)}\n`);

/** SHA-256 of a file, in hex. */
export const hashOf = (path: string): string => createHash("sha256").update(readBytes(path)).digest("hex");

const recordIn = (path: string): string => join(path, "variant.json");

/** Undefined also for a file that is no record: its run is nobody's. */
function readRecord(path: string): VariantRecord | undefined {
  if (!fileExists(recordIn(path))) return undefined;
  try {
    return JSON.parse(readText(recordIn(path))) as VariantRecord;
  } catch {
    return undefined;
  }
}

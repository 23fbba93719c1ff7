import { catalog } from "#compiler/catalog/index.js";
import type { Parameters } from "#compiler/catalog/parameter.js";
import type { Trained } from "#compiler/catalog/training.js";
import { trainParameters, type TrainSettings } from "#compiler/catalog/statements/train.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { Network } from "#compiler/ir/network.js";
import { Failure } from "../failure.js";
import { fileExists, readBytes, writeFile } from "../host.js";
import { readSafetensors, type Tensor, type TensorFile, writeSafetensors } from "../weights/safetensors.js";
import { identityOf, tensorsOf, weightsOf } from "../weights/weights.js";
import { isLearned } from "./clip-learning.js";
import { maskedAt } from "./pruning.js";
import { initialState, type LayerState, stateOfWeights, type TrainingState, weightsOfState } from "./state.js";
import type { Teacher } from "./teacher.js";
import { noTally, type Tally } from "./tally.js";
import { networkAt } from "./trained-network.js";

/** Where a run stands, between two steps. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Finished epochs. */
  readonly epochs: number;
  /** What the steps of the unfinished epoch gave so far. */
  readonly tally: Tally;
  readonly best: BestEpoch | undefined;
}

/** The latest of the best epochs so far by validation data, from 1: of equals it has learned longest. */
export interface BestEpoch {
  readonly epoch: number;
  readonly accuracy: number;
  /** The first of them: patience counts from here. */
  readonly reached: number;
}

/** What a run is made of; a checkpoint continues only the run that it was saved by. */
export interface RunIdentity {
  readonly network: Network;
  readonly settings: TrainSettings;
  readonly data: PreparedDataset;
  readonly teachers?: readonly Teacher[];
}

/** The run before its first step. */
export const freshCheckpoint = ({ network, settings }: RunIdentity): Checkpoint => ({
  state: initialState(networkAt(network, settings, 0), settings, settings.seed, maskedAt(network, settings, 0)),
  epochs: 0,
  tally: noTally,
  best: undefined,
});

/** A weights file that also holds the optimizer state (`<layer>.slot0` …) and the position in the run; written atomically. */
export function saveCheckpoint(run: RunIdentity, { state, epochs, tally, best }: Checkpoint, path: string): void {
  const tensors = tensorsOf(weightsOfState(state));
  for (const [id, { shape, slots, clip, clipSlots, mask }] of state.layers) {
    slots.forEach((values, i) => tensors.set(`${id}.slot${i}`, { shape, values }));
    clipSlots.forEach((values, i) => tensors.set(`${id}.clip.slot${i}`, { shape: [clip.length], values }));
    if (mask === undefined) continue;
    [mask.factors, ...mask.slots].forEach((values, i) => tensors.set(maskNames(id)(i), { shape: [values.length], values }));
  }
  for (const [id, { weights, slots }] of state.biases)
    slots.forEach((values, i) => tensors.set(`${id}.slot${i}`, { shape: [weights.length], values }));
  const metadata = {
    ...identityOf(networkAt(run.network, run.settings, lastEpochOf(epochs, tally))),
    run: JSON.stringify(sayRun(run)),
    place: JSON.stringify({ epochs, step: state.step, tally, best }),
  };
  writeFile(path, writeSafetensors({ tensors, metadata }));
}

/** Throws a `Failure` when there is no checkpoint, or when it is of another run. */
export function loadCheckpoint(run: RunIdentity, path: string): Checkpoint {
  if (!fileExists(path)) throw new Failure(`there is nothing to resume: ${path} does not exist`, "train without --resume");
  const file = readSafetensors(readBytes(path), path);
  checkRun(run, file, path);
  const { epochs, step, tally, best } = parsePlace(file, path);
  const lastEpoch = lastEpochOf(epochs, tally);
  const network = networkAt(run.network, run.settings, lastEpoch);
  const weights = weightsOf(network, file, path);
  const { layers, biases } = initialState(network, run.settings, run.settings.seed, maskedAt(run.network, run.settings, lastEpoch));
  const rule = catalog.clips[run.settings.clip.name]!;
  const optimizer = catalog.optimizers[run.settings.optimizer.name]!;
  const restored = [...layers].map(([id, layer]): [string, LayerState] => {
    const { values, clip } = weights.get(id)!;
    const slots = layer.slots.map((_, i) => slotOf(file, `${id}.slot${i}`, layer.shape, path).values);
    const clipSlots = isLearned(rule, layer.format)
      ? Array.from({ length: optimizer.slots }, (_, i) => slotOf(file, `${id}.clip.slot${i}`, [clip.length], path).values)
      : [];
    const [factors, ...maskSlots] =
      layer.mask === undefined
        ? []
        : [layer.mask.factors, ...layer.mask.slots].map(({ length }, i) => slotOf(file, maskNames(id)(i), [length], path).values);
    return [id, { ...layer, weights: values, slots, clip, clipSlots, ...(factors && { mask: { factors, slots: maskSlots } }) }];
  });
  const restoredBiases = [...biases].map(([id, { slots }]): [string, Trained] => {
    const { values } = weights.get(id)!;
    return [id, { weights: values, slots: slots.map((_, i) => slotOf(file, `${id}.slot${i}`, [values.length], path).values) }];
  });
  const { shifts } = stateOfWeights(network, weights);
  return { state: { layers: new Map(restored), biases: new Map(restoredBiases), shifts, step }, epochs, tally, best };
}

/** Of the last step that was taken, from 0: the state is of the network that was trained then. */
const lastEpochOf = (epochs: number, { steps }: Tally): number => Math.max(0, steps > 0 ? epochs : epochs - 1);

/** The factors of a mask, then their optimizer state. */
const maskNames =
  (id: string) =>
  (i: number): string =>
    i === 0 ? `${id}.mask` : `${id}.mask.slot${i - 1}`;

function slotOf({ tensors }: TensorFile, name: string, shape: readonly number[], path: string): Tensor {
  const slot = tensors.get(name);
  if (slot?.shape.join() === shape.join()) return slot;
  throw new Failure(`${path} has no ${name} that fits the model`, "start again without --resume");
}

/** Epochs may be added to a run, and patience; everything else decides what its steps do. */
function sayRun({
  settings: { epochs: _epochs, patience: _patience, ...settings },
  data,
  teachers = [],
}: RunIdentity): Readonly<Record<string, unknown>> {
  return {
    ...settings,
    ...(teachers.length === 0 ? {} : { "teachers' weights": teachers.map(({ digest }) => digest) }),
    dataset: `${data.origin}: ${data.train.count} samples, ${data.augments.length} augmentations`,
  };
}

function checkRun(run: RunIdentity, { metadata }: TensorFile, path: string): void {
  const theirs = parseTable(metadata["run"], path);
  for (const [name, value] of Object.entries(sayRun(run))) {
    // A setting that is younger than the checkpoint was not used.
    const [then, now] = [JSON.stringify(theirs[name] ?? fallbackOf(name)), JSON.stringify(value)];
    if (then !== now) {
      throw new Failure(
        `${path} cannot be resumed: its ${name} was ${then}, now it is ${now}`,
        "go back to the old setting, or start again without --resume",
      );
    }
  }
}

const fallbackOf = (name: string): unknown => (trainParameters as Parameters)[name]?.fallback;

function parsePlace({ metadata }: TensorFile, path: string): Omit<Checkpoint, "state"> & { readonly step: number } {
  const place = parseTable(metadata["place"], path);
  if (typeof place["epochs"] !== "number" || typeof place["step"] !== "number" || typeof place["tally"] !== "object")
    throw noCheckpoint(path);
  const { best, ...rest } = place as { readonly best?: Omit<BestEpoch, "reached"> & Partial<BestEpoch> };
  // Older checkpoints kept the first of equal epochs.
  return { ...rest, best: best && { reached: best.epoch, ...best } } as unknown as ReturnType<typeof parsePlace>;
}

function parseTable(text: string | undefined, path: string): Readonly<Record<string, unknown>> {
  try {
    const table: unknown = JSON.parse(text ?? "");
    if (typeof table === "object" && table !== null) return table as Record<string, unknown>;
  } catch {
    // Falls through: a weights file has no such entry, a damaged one no JSON in it.
  }
  throw noCheckpoint(path);
}

const noCheckpoint = (path: string): Failure => new Failure(`${path} holds no place to resume at`, "start again without --resume");

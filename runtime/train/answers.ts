import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { forever } from "#compiler/catalog/training.js";
import type { PreparedDataset } from "#compiler/data/dataset.js";
import type { EpochSamples } from "#compiler/data/epoch.js";
import type { Batch } from "./engine.js";
import { meanAnswers, targetsOf, taught } from "./targets.js";
import type { TeacherAtWork } from "./teacher.js";

/** Adds the soft targets to a batch, which begins with sample number `first` of its epoch. */
export type Answer = (batch: Batch, first: number) => Batch;

/** For the samples of an epoch, counted from 0. */
export type Answers = (epoch: number, samples: EpochSamples) => Answer;

/** The soft targets that settings ask for: label smoothing and distillation; none where labels alone are learned. */
export function answersFor(settings: TrainSettings, data: PreparedDataset, teachers: readonly TeacherAtWork[]): Answers {
  const { smoothing, trust, temperature } = settings;
  const classes = data.classes.length;
  if (teachers.length === 0)
    return () => (smoothing === 0 ? (batch) => batch : (batch) => ({ ...batch, targets: targetsOf(batch.labels, classes, smoothing) }));
  const ask = ({ inputs }: Batch): Float32Array =>
    meanAnswers(
      teachers.map((teacher) => teacher.sums(inputs)),
      classes,
      temperature,
    );
  const remembered = memoryOf(ask, settings, data);
  return (epoch, samples) => {
    const teach = remembered(epoch, samples);
    return (batch, first) => ({ ...batch, targets: taught(targetsOf(batch.labels, classes, smoothing), teach(batch, first), trust) });
  };
}

/** [samples, classes] */
type Teach = (batch: Batch, first: number) => Float32Array;

/** Caches the teachers' targets of samples that come again: those of each epoch of the pool, and all where nothing is augmented. */
function memoryOf(
  ask: Teach,
  { pool }: TrainSettings,
  { augments, classes }: PreparedDataset,
): (epoch: number, samples: EpochSamples) => Teach {
  if (augments.length > 0 && pool === forever) return () => ask;
  const width = classes.length;
  const pages = new Map<number, Float32Array>();
  return (epoch, { count, places }) => {
    const key = augments.length > 0 ? epoch % pool : 0;
    const page = pages.get(key) ?? new Float32Array(count * width).fill(NaN);
    pages.set(key, page);
    const samples = new Uint32Array(count);
    places.forEach((place, sample) => (samples[place] = sample));
    return (batch, first) => {
      const rows = Array.from(batch.labels, (_, i) => page.subarray(samples[first + i]! * width, (samples[first + i]! + 1) * width));
      if (rows.some(([value]) => Number.isNaN(value))) {
        const answers = ask(batch, first);
        rows.forEach((row, i) => row.set(answers.subarray(i * width, (i + 1) * width)));
      }
      const known = new Float32Array(rows.length * width);
      rows.forEach((row, i) => known.set(row, i * width));
      return known;
    };
  };
}

import { DataError } from "../data-error.js";
import { count, optional } from "../parameter.js";
import { defineArrangement, type Samples, type Splits } from "../samples.js";
import { stretchesOf } from "../samples/select.js";

/** Windows of one set; each belongs to the recording that it is cut from. */
function windows(samples: Samples, recordings: Uint32Array, length: number, step: number): Samples {
  const [features] = samples.shape as readonly [number];
  const starts = stretchesOf(recordings).flatMap(({ start, end }) =>
    Array.from({ length: Math.max(Math.floor((end - start - length) / step) + 1, 0) }, (_, i) => start + i * step),
  );
  const size = length * features;
  const values = samples.values instanceof Uint8Array ? new Uint8Array(starts.length * size) : new Float32Array(starts.length * size);
  starts.forEach((start, i) => values.set(samples.values.subarray(start * features, start * features + size), i * size));
  const first = (of: Uint32Array): Uint32Array => Uint32Array.from(starts, (start) => of[start]!);
  const groups = Object.entries({ ...samples.groups, recording: recordings }).map(([name, of]) => [name, first(of)] as const);
  return {
    shape: [length, features],
    count: starts.length,
    values,
    labels: Uint8Array.from(starts, (start) => samples.labels[start]!),
    groups: Object.fromEntries(groups),
  };
}

function windowed(samples: Samples, length: number, step: number, splits: Splits): Samples {
  const { origin } = splits;
  // Tests of another file, or of nothing yet.
  if (samples.count === 0) return { ...samples, shape: [length, ...samples.shape] };
  const { recordings } = samples;
  if (samples.shape.length !== 1 || recordings === undefined) {
    throw new DataError(
      `\`window\` needs single frames in the order of time, but the samples of ${origin} are no such frames any more`,
      "Put `window` before `split` and `limit`, and leave it out where every row already is a whole sample.",
    );
  }
  const made = windows(samples, recordings, length, step);
  if (made.count > 0) return made;
  const longest = stretchesOf(recordings).reduce((most, { start, end }) => Math.max(most, end - start), 0);
  throw new DataError(
    `no recording of ${origin} is as long as a window of ${length} frames: the longest has ${longest}`,
    "Make the windows shorter, or record for longer.",
  );
}

export default defineArrangement({
  name: "window",
  summary: "Cuts recordings into (overlapping) windows of frames; no window reaches from one recording, or one class, into the next.",
  parameters: {
    length: count("Frames of a window."),
    step: optional(count("Frames from the start of a window to that of the next; 0 for its length: no overlap.", { least: 0 }), 0),
  },
  infer: (shape, { length }) => (shape.length === 1 ? { shape: [length, shape[0]!] } : { needs: "single frames [features]" }),
  arrange: (splits, { length, step }) => {
    const cut = (samples: Samples): Samples => windowed(samples, length, step === 0 ? length : step, splits);
    return {
      ...splits,
      train: cut(splits.train),
      ...(splits.validate && { validate: cut(splits.validate) }),
      test: cut(splits.test),
    };
  },
});

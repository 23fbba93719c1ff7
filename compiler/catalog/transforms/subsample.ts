import { count } from "../parameter.js";
import { defineConversion, type Samples } from "../samples.js";

export default defineConversion({
  name: "subsample",
  summary: "Downsamples a series in time: every few frames become one, their mean; an incomplete rest is dropped.",
  parameters: { frames: count("How many frames become one.", { least: 2 }) },
  infer: (shape, { frames }) =>
    shape.length === 2 && shape[0]! >= frames
      ? { shape: [Math.floor(shape[0]! / frames), shape[1]!] }
      : { needs: `series [frames, features] of at least ${frames} frames` },
  prepare: (train, { frames }) => {
    const [length, features] = train.shape as readonly [number, number];
    const kept = Math.floor(length / frames);
    const convert = (samples: Samples): Samples => {
      const values = new Float32Array(samples.count * kept * features);
      for (let to = 0; to < values.length; to++) {
        const [feature, frame] = [to % features, Math.floor(to / features)];
        const first = Math.floor(frame / kept) * length + (frame % kept) * frames;
        let sum = 0;
        for (let i = 0; i < frames; i++) sum += samples.values[(first + i) * features + feature]!;
        values[to] = sum / frames;
      }
      return { ...samples, shape: [kept, features], values };
    };
    return { convert, explain: () => `make every ${frames} frames one, their mean` };
  },
});

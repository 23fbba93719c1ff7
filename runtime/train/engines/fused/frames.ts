import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import type { Batch } from "../../engine.js";
import { targetsOf } from "../../targets.js";
import type { Job } from "./crew.js";
import type { Node } from "./graph/node.js";
import { type Frame, type Layout, padded } from "./layout.js";

/** The samples of a batch in the frames of an engine's memory: every shard has some, one after the other. */
export interface Frames {
  /** Distributes int8 samples to shards; targets and sample weights are given in training alone. */
  deal(inputs: Int8Array, count: number): void;
  answer(answers: Omit<Batch, "inputs">, classWeights: Float32Array): void;
  /** What the crew has to run: all shards, also those that got no samples, so that none adds an old gradient. */
  jobs(): readonly Job[];
  /** A column over all samples. */
  column(key: ColumnKey): Float32Array;
  /** A matrix over all samples, [count, width]. */
  rows(node: Node, into: Float32Array): void;
}

type ColumnKey = Parameters<Frame["columns"]["get"]>[0];

export function framesIn({ frames, frame }: Layout, buffer: SharedArrayBuffer, shards: number, size: number): Frames {
  const bytes = new Int8Array(buffer);
  const floats = new Float32Array(buffer);
  let parts: readonly { readonly start: number; readonly first: number; readonly count: number }[] = [];

  const entriesOf = (start: number, key: ColumnKey, count: number): Float32Array => {
    const first = (start + frame.columns.get(key)!) / 4;
    return floats.subarray(first, first + count);
  };

  /** Of a map, four channels after the other: the lanes of each place in turn. */
  const writeSamples = (inputs: Int8Array, start: number, count: number): void => {
    for (const [{ map }, { offset, stride }] of frame.samples) {
      const at = start + offset;
      const places = areaOf(map);
      if (stride === size && places === 1) bytes.set(inputs, at);
      else if (places === 1) for (let i = 0; i < count; i++) bytes.set(inputs.subarray(i * size, (i + 1) * size), at + i * stride);
      else for (let i = 0; i < count; i++) writeMap(inputs, i * size, at + i * stride, map.channels, places);
      bytes.fill(0, at + count * stride, at + padded(count) * stride);
    }
  };

  const writeMap = (inputs: Int8Array, from: number, to: number, channels: number, places: number): void => {
    for (let channel = 0; channel < channels; channel++) {
      const first = to + (channel >> 2) * 4 * places + (channel & 3);
      for (let place = 0; place < places; place++) bytes[first + 4 * place] = inputs[from + channel * places + place]!;
    }
  };

  return {
    deal: (inputs, count) => {
      const most = padded(Math.ceil(count / shards));
      if (most > frame.rows) throw new Error(`a step of ${count} samples, where the engine was made for ${shards * frame.rows}`);
      parts = Array.from({ length: shards }, (_, shard) => {
        const first = Math.min(count, shard * most);
        return { start: frames + shard * frame.bytes, first, count: Math.min(most, count - first) };
      });
      for (const part of parts) {
        writeSamples(inputs.subarray(part.first * size, (part.first + part.count) * size), part.start, part.count);
        // Rows that only fill up a frame count for nothing.
        entriesOf(part.start, "share", frame.rows)
          .fill(0)
          .fill(1 / count, 0, part.count);
      }
    },
    answer: ({ labels, targets: given }, classWeights) => {
      const classes = classWeights.length;
      const targets = given ?? targetsOf(labels, classes, 0);
      const { offset, stride } = frame.targets;
      for (const { start, first, count } of parts) {
        const importance = entriesOf(start, "importance", frame.rows).fill(0);
        for (let i = 0; i < count; i++) {
          floats.set(targets.subarray((first + i) * classes, (first + i + 1) * classes), (start + offset + i * stride) / 4);
          importance[i] = classWeights[labels[first + i]!]! / labels.length;
        }
      }
    },
    jobs: () => parts.map(({ start, count }) => ({ frame: start, rows: padded(count) })),
    column: (key) => {
      const [only] = parts;
      if (parts.length === 1) return entriesOf(only!.start, key, only!.count);
      const all = new Float32Array(parts.reduce((sum, { count }) => sum + count, 0));
      for (const { start, first, count } of parts) all.set(entriesOf(start, key, count), first);
      return all;
    },
    rows: (node, into) => {
      const { offset, stride } = frame.floats.get(node)!;
      for (const { start, first, count } of parts) {
        for (let i = 0; i < count; i++) {
          const at = (start + offset + i * stride) / 4;
          into.set(floats.subarray(at, at + node.width), (first + i) * node.width);
        }
      }
    },
  };
}

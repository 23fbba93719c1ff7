import { decisionsOf, levelValue } from "#compiler/catalog/codebook.js";
import type { LayerState, TrainingState } from "../../state.js";
import type { LayerPlace, Layout } from "./layout.js";

/** The training state in the memory of an engine. */
export interface LatentMemory {
  write(state: TrainingState): void;
  /** The state that was written, with the weights and slots as they are now. */
  read(written: TrainingState): TrainingState;
}

export function latentMemory({ layers: places, latent, slots: slotBlocks }: Layout, buffer: SharedArrayBuffer): LatentMemory {
  const floats = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const blocks = [latent, ...slotBlocks];

  /** The row of a layer, without its padding, in the block of weights (0) or of a slot. */
  const rowOf = ({ inputs, offset, stride }: LayerPlace, block: number, row: number): Float32Array => {
    const start = (blocks[block]! + offset + row * stride) / 4;
    return floats.subarray(start, start + inputs);
  };

  const writeFormat = ({ quantizer, units, gains, unit, thresholds, ascending }: LayerPlace, clip: Float32Array): void => {
    const decisions = decisionsOf(quantizer);
    doubles.set(decisions.thresholds, thresholds / 8);
    floats.set(Float32Array.from(decisions.codes, (code) => quantizer.levels[code]!), ascending / 4);
    for (let row = 0; row < units; row++) doubles[gains / 8 + row] = quantizer.fullScale / (clip.length === 1 ? clip[0]! : clip[row]!);
    floats[unit / 4] = levelValue(quantizer, clip);
  };

  const readBlock = (place: LayerPlace, block: number): Float32Array => {
    const values = new Float32Array(place.units * place.inputs);
    for (let row = 0; row < place.units; row++) values.set(rowOf(place, block, row), row * place.inputs);
    return values;
  };

  return {
    write: ({ layers }) => {
      for (const [id, { weights, slots, clip }] of layers) {
        const place = places.get(id)!;
        writeFormat(place, clip);
        [weights, ...slots].forEach((values, block) => {
          for (let row = 0; row < place.units; row++) rowOf(place, block, row).set(values.subarray(row * place.inputs, (row + 1) * place.inputs));
        });
      }
    },
    read: ({ layers, step }) => {
      const now = ([id, layer]: readonly [string, LayerState]): [string, LayerState] => {
        const [weights, ...slots] = blocks.map((_, block) => readBlock(places.get(id)!, block));
        return [id, { ...layer, weights: weights!, slots, clip: layer.clip.slice() }];
      };
      return { layers: new Map([...layers].map(now)), step };
    },
  };
}

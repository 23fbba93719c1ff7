import { decisionsOf, levelValue } from "#compiler/catalog/codebook/codebook.js";
import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import type { Trained } from "#compiler/catalog/training.js";
import type { LayerId } from "#compiler/ir/network.js";
import { copyOfMask, type Mask } from "../../mask-learning.js";
import type { LayerState, TrainingState } from "../../state.js";
import type { LatentPlace, LayerPlace, Layout } from "./layout.js";

/** The training state in the memory of an engine. */
export interface LatentMemory {
  write(state: TrainingState): void;
  /** Clipping scalars alone. */
  writeClip(id: LayerId, clip: Float32Array): void;
  writeMask(id: LayerId, mask: Mask): void;
  /** The gradient of the last step by the logarithm of a layer's clipping scalar, in levels. */
  growthOf(id: LayerId): number;
  /** The gradients by the logarithms of a layer's mask. */
  slopesOf(id: LayerId): Float32Array;
  /** The state that was written, with the weights and slots as they are now. */
  read(written: TrainingState): TrainingState;
}

export function latentMemory(
  { layers: places, biases: biasPlaces, factors, kernels, latent, slots: slotBlocks }: Layout,
  buffer: SharedArrayBuffer,
): LatentMemory {
  const floats = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const integers = new Int32Array(buffer);
  const blocks = [latent, ...slotBlocks];

  /** The row of a layer, without its padding, in the block of weights (0) or of a slot. */
  const rowOf = ({ inputs, offset, stride }: LatentPlace, block: number, row: number): Float32Array => {
    const start = (blocks[block]! + offset + row * stride) / 4;
    return floats.subarray(start, start + inputs);
  };

  const writeFormat = ({ quantizer, thresholds, ascending }: LayerPlace): void => {
    const decisions = decisionsOf(quantizer);
    doubles.set(decisions.thresholds, thresholds / 8);
    floats.set(
      Float32Array.from(decisions.codes, (code) => quantizer.levels[code]!),
      ascending / 4,
    );
  };

  const writeClip = ({ quantizer, units, gains, weightScale }: LayerPlace, clip: Float32Array): void => {
    for (let row = 0; row < units; row++) doubles[gains / 8 + row] = quantizer.fullScale / (clip.length === 1 ? clip[0]! : clip[row]!);
    floats[weightScale / 4] = levelValue(quantizer, clip);
  };

  const writeMask = ({ mask: place }: LayerPlace, { factors }: Mask): void => {
    const { map, factors: address } = place!;
    const places = areaOf(map);
    factors.forEach((factor, channel) => {
      const first = address / 4 + (channel >> 2) * 4 * places + (channel & 3);
      for (let i = 0; i < places; i++) floats[first + 4 * i] = factor;
    });
  };

  const writeBlocks = (place: LatentPlace, { weights, slots }: Trained): void =>
    [weights, ...slots].forEach((values, block) => {
      for (let row = 0; row < place.units; row++)
        rowOf(place, block, row).set(values.subarray(row * place.inputs, (row + 1) * place.inputs));
    });

  const readBlock = (place: LatentPlace, block: number): Float32Array => {
    const values = new Float32Array(place.units * place.inputs);
    for (let row = 0; row < place.units; row++) values.set(rowOf(place, block, row), row * place.inputs);
    return values;
  };

  const readBlocks = (place: LatentPlace): Trained => {
    const [weights, ...slots] = blocks.map((_, block) => readBlock(place, block));
    return { weights: weights!, slots };
  };

  return {
    write: ({ layers, biases, shifts }) => {
      for (const { forward, turned } of kernels.values()) {
        for (const { places, table } of turned === undefined ? [forward] : [forward, turned]) integers.set(places, table / 4);
      }
      for (const [id, layer] of layers) {
        const { clip, mask } = layer;
        const place = places.get(id)!;
        writeFormat(place);
        writeClip(place, clip);
        if (mask !== undefined) writeMask(place, mask);
        writeBlocks(place, layer);
      }
      for (const [id, bias] of biases) writeBlocks(biasPlaces.get(id)!, bias);
      for (const [id, address] of factors) floats[address / 4] = 2 ** -shifts.get(id)!;
    },
    writeClip: (id, clip) => writeClip(places.get(id)!, clip),
    writeMask: (id, mask) => writeMask(places.get(id)!, mask),
    growthOf: (id) => floats[places.get(id)!.growth / 4]!,
    slopesOf: (id) => {
      const { units, mask } = places.get(id)!;
      return floats.slice(mask!.slopes / 4, mask!.slopes / 4 + units);
    },
    read: ({ layers, biases, ...rest }) => {
      const now = ([id, layer]: readonly [string, LayerState]): [string, LayerState] => {
        const mask = layer.mask && { mask: copyOfMask(layer.mask) };
        return [
          id,
          {
            ...layer,
            ...readBlocks(places.get(id)!),
            clip: layer.clip.slice(),
            clipSlots: layer.clipSlots.map((slot) => slot.slice()),
            ...mask,
          },
        ];
      };
      const biasesNow = [...biases.keys()].map((id) => [id, readBlocks(biasPlaces.get(id)!)] as const);
      return { ...rest, layers: new Map([...layers].map(now)), biases: new Map(biasesNow) };
    },
  };
}

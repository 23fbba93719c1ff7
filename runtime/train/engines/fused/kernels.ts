import { type Convolution, tapsOf } from "#compiler/catalog/shapes/convolution.js";
import type { LayerId, Network } from "#compiler/ir/network.js";
import { valueBounds } from "#compiler/plan/value-bounds.js";
import { mostExact } from "./exact.js";
import type { Node } from "./graph/node.js";
import type { LayerPlace } from "./layout.js";
import { convolutionOf, isDepthwise, sourcesOf } from "./sliding.js";

/** The filters of a convolution, arranged as its loops read them. */
export interface KernelPlace {
  readonly layer: LayerPlace;
  /** Whether sums may be larger than what float32 holds exactly. */
  readonly wide: boolean;
  readonly forward: Arrangement;
  /** For the gradient by the input: filters flipped, by input channels. Depthwise ones serve as they are. */
  readonly turned: Arrangement | undefined;
}

/** For each four channels of a result, for each of their sources, for each tap: four float32 lanes. */
export interface Arrangement {
  readonly address: number;
  readonly bytes: number;
  /** Int32: the place of each level, in bytes, units and inputs in order. */
  readonly table: number;
  readonly places: Int32Array;
}

export function kernelPlaces(
  network: Network,
  nodes: readonly Node[],
  layers: ReadonlyMap<LayerId, LayerPlace>,
  take: (bytes: number) => number,
): ReadonlyMap<LayerId, KernelPlace> {
  const bounds = valueBounds(network);
  const arranged = (geometry: Convolution, turned: boolean): Arrangement => {
    const { places, bytes } = placesIn(geometry, turned);
    return { address: take(bytes), bytes, table: take(places.byteLength), places };
  };
  const convolutions = nodes.filter(({ op }) => op === "convolve");
  return new Map(
    convolutions.map((node) => {
      const geometry = convolutionOf(node);
      const layer = layers.get(String(node.inputs[1]!.parameters[0]))!;
      const { low, high } = bounds.get(layer.id)!;
      const wide = Math.max(...[...low, ...high].map(Math.abs)) >= mostExact;
      return [
        layer.id,
        { layer, wide, forward: arranged(geometry, false), turned: isDepthwise(geometry) ? undefined : arranged(geometry, true) },
      ];
    }),
  );
}

function placesIn(geometry: Convolution, turned: boolean): { readonly places: Int32Array; readonly bytes: number } {
  const { kernel, depth, share, input, output } = geometry;
  const area = kernel.height * kernel.width;
  const sources = sourcesOf(geometry, turned);
  const place = (unit: number, plane: number, tap: number): number => {
    const channel = Math.floor(unit / share) * depth + plane;
    const [lane, source, step] = turned
      ? [channel, unit, area - 1 - tap]
      : [unit, isDepthwise(geometry) ? sources.first(unit >> 2) : channel, tap];
    const block = lane >> 2;
    return 16 * ((block * sources.count + source - sources.first(block)) * area + step) + 4 * (lane & 3);
  };
  const taps = tapsOf(geometry);
  const places = Int32Array.from({ length: output.channels * taps }, (_, i) => {
    const [unit, rest] = [Math.floor(i / taps), i % taps];
    return place(unit, Math.floor(rest / area), rest % area);
  });
  return { places, bytes: 16 * Math.ceil((turned ? input : output).channels / 4) * sources.count * area };
}

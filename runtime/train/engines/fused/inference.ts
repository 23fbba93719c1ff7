import { catalog } from "#compiler/catalog/index.js";
import { type Layer, type LayerId, layerOf, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { valueBounds } from "#compiler/plan/value-bounds.js";
import { compileModule, instantiate } from "#compiler/wasm/instance.js";
import { moduleBuilder, pageSize } from "#compiler/wasm/module.js";
import { forwardScaled } from "../../forward.js";
import { stateOfWeights } from "../../state.js";
import { mostExact } from "./exact.js";
import { framesIn } from "./frames.js";
import { mapOf, nodeTable } from "./graph/node.js";
import { simplify } from "./graph/simplify.js";
import { tracer } from "./graph/trace.js";
import { latentMemory } from "./latent.js";
import { layoutOf } from "./layout.js";
import { addQuantize, addStages, tracedWeights } from "./program.js";
import { scheduleOf } from "./schedule.js";
import { stepMemory } from "./step-memory.js";

/** The integer model on many samples: [samples, classes]. */
export type CompiledModel = (weights: Weights, samples: Int8Array) => Int32Array;

/** Samples that are worked on at a time. */
const rows = 256;

/**
 * The integer model as WebAssembly SIMD, bit for bit what the interpreter computes; undefined for networks of which
 * that is not known.
 */
export function compileModel(network: Network): CompiledModel | undefined {
  if (!isExact(network)) return undefined;
  const table = nodeTable();
  const on = tracer(table);
  const size = sizeOf(network.layers[0]!.type.shape);
  const { integers } = forwardScaled(on, shifting(network), on.samples(mapOf(network.layers[0]!.type.shape)), tracedWeights(on, network));
  const [sums] = simplify(table, [integers]);
  const schedule = scheduleOf([sums!]);
  const layout = layoutOf({ network, schedules: [schedule], outputs: [sums!], slots: 0, shards: 1, rows });
  const module = moduleBuilder();
  addStages(module, "forward", schedule, layout, 1);
  addQuantize(module, layout, "loaded");
  const pages = Math.ceil(layout.bytes / pageSize);
  const memory = stepMemory(pages);
  const run = instantiate(compileModule(module.encode(pages)), memory);
  const frames = framesIn(layout, memory.buffer, 1, size);
  const latent = latentMemory(layout, memory.buffer);
  return (weights, samples) => {
    latent.write(stateOfWeights(network, weights));
    run["quantize"]!();
    const count = samples.length / size;
    const result = new Float32Array(count * sums!.width);
    for (let first = 0; first < count; first += rows) {
      const part = Math.min(rows, count - first);
      frames.deal(samples.subarray(first * size, (first + part) * size), part);
      for (const { frame, rows: filled } of frames.jobs()) run["forward0"]!(frame, filled);
      frames.rows(sums!, result.subarray(first * sums!.width));
    }
    return Int32Array.from(result);
  };
}

/** The network as the chip runs it: shifts instead of scales. */
export const shifting = (network: Network): Network => ({
  ...network,
  layers: network.layers.map((layer) => {
    const { bits } = catalog.activations[String(layer.attributes["activations"] ?? "8bit")]!;
    return bits === 8 ? { ...layer, attributes: { ...layer.attributes, activations: "8bit_shift" } } : layer;
  }),
});

/** Whether all sums fit, and int8 is made exactly where layers with weights read it. */
function isExact(network: Network): boolean {
  const bounds = valueBounds(network);
  const largest = (id: LayerId): number => Math.max(...[bounds.get(id)!].flatMap(({ low, high }) => [...low, ...high].map(Math.abs)));
  const isRead = (id: LayerId): boolean => {
    const { op, inputs, type: outputType, attributes } = layerOf(network, id);
    const definition = catalog.layers[op];
    if (definition === undefined) return true;
    const { isReinterpret, picks, requantizes } = definition;
    const inputTypes = inputs.map((input) => layerOf(network, input).type);
    if (outputType.range === "fixed") return true;
    // A pool that drops some values may drop the maximum, by which the others are requantized.
    if (isReinterpret === true || picks?.({ inputTypes, outputType }, attributes) === "all") return isRead(inputs[0]!);
    return requantizes === true && inputTypes[0]!.element === "i32";
  };
  const isOnlyRequantized = (id: LayerId): boolean =>
    network.layers
      .filter(({ inputs }) => inputs.includes(id))
      .every((reader) => {
        const { picks, requantizes } = catalog.layers[reader.op]!;
        return picks === undefined ? requantizes === true && reader.type.element !== "i32" : isOnlyRequantized(reader.id);
      });
  const fits = ({ id, type, inputs, weights }: Layer): boolean => {
    if (type.element !== "i32") return true;
    if (weights !== undefined)
      return largest(id) < mostExact || (weights.shape.length > 2 && id !== network.result && isOnlyRequantized(id));
    // Windows add up what they make one value of.
    const most = Math.max(...inputs.map((input) => (largest(input) * sizeOf(layerOf(network, input).type.shape)) / sizeOf(type.shape)));
    return catalog.layers[layerOf(network, id).op]!.picks !== undefined || most < mostExact;
  };
  const readsExactly = ({ op, attributes, inputs }: Layer): boolean =>
    catalog.layers[op]!.reads?.(attributes) !== "activations" || attributes["range"] === "fixed" || isRead(inputs[0]!);
  return (
    network.layers.slice(1).every((layer) => fits(layer) && readsExactly(layer)) && layerOf(network, network.result).type.element === "i32"
  );
}

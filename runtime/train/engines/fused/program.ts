import type { Application } from "#compiler/ir/application.js";
import type { Optimizer } from "#compiler/catalog/training.js";
import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import { type Layer, type LayerId, type Network, trainedLayers, weightedLayers } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { wasmFunction } from "#compiler/wasm/function.js";
import { f32, i32 } from "#compiler/wasm/instructions.js";
import { call, type Callee, type ModuleBuilder, moduleBuilder, pageSize } from "#compiler/wasm/module.js";
import { optimizerOf, type Stepping } from "../../averaging.js";
import { activityOf, forwardValues, type Held } from "../../forward.js";
import type { Masking } from "../../mask-learning.js";
import { arrangeFunction } from "./emit/arrange.js";
import { maskSlopesFunction } from "./emit/mask-slopes.js";
import { packFunction } from "./emit/pack.js";
import { planesFunction } from "./emit/planes.js";
import { productFunction } from "./emit/products.js";
import { type ClipSource, exactLevelFunction, quantizeFunction } from "./emit/quantize.js";
import { quantizeBiasFunction } from "./emit/quantize-bias.js";
import { rowsFunction } from "./emit/rows.js";
import { updateFunction } from "./emit/update.js";
import { gradientsOf } from "./graph/gradients.js";
import { lossNodes } from "./graph/loss.js";
import { mapOf, type Node, nodeTable, vectorOf } from "./graph/node.js";
import { simplify } from "./graph/simplify.js";
import { tracer, type Tracer } from "./graph/trace.js";
import { type Layout, layoutOf, padded } from "./layout.js";
import { type Schedule, scheduleOf, type Stage } from "./schedule.js";

export interface ProgramTask extends Stepping {
  readonly network: Network;
  readonly clip: Application;
  /** Samples of a step at most. */
  readonly batch: number;
  readonly masking?: Masking;
  readonly sparsity?: number;
}

/**
 * A training step, compiled for one network. The module exports `gradient0`, `forward0` … (frame, rows), between them
 * `gradientTotal0`, `forwardTotal0` … (), and `update` and `quantize` ().
 */
export interface Program {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  readonly pages: number;
  /** Parts of a batch with gradients of their own: any number of threads adds up the same numbers in the same order. */
  readonly shards: number;
  /** Where each sample's part of the loss is. */
  readonly loss: Omit<ReturnType<typeof lossNodes>, "gradient">;
  /** The sums of the last layer. */
  readonly sums: Node;
  /** How many groups of stages the two have; between them all shards meet. */
  readonly groups: { readonly gradient: number; readonly forward: number };
}

export function compileProgram({ network, optimizer: application, average, clip, batch, masking, sparsity = 0 }: ProgramTask): Program {
  const optimizer = optimizerOf({ optimizer: application, average });
  const graph = graphOf(network, sparsity, masking?.layers);
  const { largest, total, answer, first } = graph.loss;
  const training = scheduleOf([...graph.gradients, largest, total, answer, first]);
  const inference = scheduleOf([graph.sums]);
  const shards = shardsFor(network, batch);
  const layout = layoutOf({
    network,
    schedules: [training, inference],
    outputs: [graph.sums],
    slots: optimizer.slots,
    shards,
    rows: padded(Math.ceil(batch / shards)),
    ...(masking && { masked: masking.layers }),
  });
  const pages = Math.ceil(layout.bytes / pageSize);
  const module = moduleBuilder();
  addStages(module, "gradient", training, layout, shards);
  addStages(module, "forward", inference, layout, shards);
  addQuantize(module, layout, "format");
  for (const layer of layout.layers.values())
    if (layer.mask !== undefined) module.export(slopesName(layer.id), maskSlopesFunction(layer, layout, shards));
  module.export("update", updateFunction(layout, { optimizer, clip, names: constantNames(optimizer, application), shards }));
  const groups = { gradient: training.groups.length, forward: inference.groups.length };
  return { bytes: module.encode(pages), layout, pages, shards, loss: graph.loss, sums: graph.sums, groups };
}

/** The export () that leaves the gradients by the mask of a layer; before `update`, while its levels are those of the step. */
export const slopesName = (layer: LayerId): string => `slopes ${layer}`;

/** In the order in which the optimizer's constants lie in memory. */
export const constantNames = (optimizer: Optimizer, { arguments: settings }: Application): readonly string[] =>
  Object.keys(optimizer.constants(settings, 0, 1));

/** Products of a batch for which another shard pays, and how many shards there are at most. */
const [worthSharing, mostShards] = [2 ** 24, 8];
/** Bytes of maps that a shard works on: they stay in the cache of a core between the forward and the backward pass. */
const mostMapBytes = 2 ** 19;

/** A power of two that depends on nothing but the task, so that results do not depend on the machine. */
function shardsFor(network: Network, batch: number): number {
  const maps = network.layers.filter(({ type }) => type.shape.length > 1).reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
  const products = weightedLayers(network).reduce(
    (sum, { type, weights }) => sum + (sizeOf(type.shape) * sizeOf(weights.shape)) / weights.shape[0]!,
    0,
  );
  const paying = Math.max((batch * products) / worthSharing, (batch * 4 * maps) / mostMapBytes);
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.min(mostShards, paying, batch / 4))));
}

function graphOf(network: Network, sparsity: number, masked?: ReadonlySet<LayerId>) {
  const table = nodeTable();
  const on = tracer(table);
  const weights = tracedWeights(on, network, masked);
  const values = forwardValues(on, network, on.samples(mapOf(network.layers[0]!.type.shape)), weights);
  const { integers, scale } = values.get(network.result)!;
  const traced = on.multiply(integers, scale);
  const { gradient, ...told } = lossNodes(on, traced);
  const activity = sparsity === 0 ? undefined : activityOf(on, network, values);
  const results = [[traced, gradient] as const, ...(activity === undefined ? [] : [[activity, on.scale(on.share(), sparsity)] as const])];
  const byWeights = gradientsOf(on, new Map(results));
  const gradients = [...weights].flatMap(([id, { integers }]) => gradientOf(on, id, integers, byWeights.get(integers)));
  const [sums, largest, total, answer, first, ...simple] = simplify(table, [
    traced,
    told.largest,
    told.total,
    told.answer,
    told.first,
    ...gradients,
  ]);
  return { sums: sums!, loss: { largest: largest!, total: total!, answer: answer!, first: first! }, gradients: simple };
}

/** What is stored of the gradient by a leaf: that by biases is the sum over samples and places, found as that by weights of an input of 1. */
function gradientOf(on: Tracer, id: LayerId, { op, map }: Node, gradient: Node | undefined): readonly Node[] {
  if (op !== "bias") return gradient === undefined ? [] : [gradient];
  const area = areaOf(map);
  const summed = area === 1 ? gradient! : on.images!.flatten(on.images!.sumPool(gradient!, { height: map.height, width: map.width }));
  const one = on.offset(on.scale(on.index(1), 0), 1);
  return [on.table.make("weightGradient", [summed, one], [id, map.channels], { extent: "feature", map: vectorOf(1) })];
}

/** What is trained of a network as leaves of its graph: levels, biases, and the factors of fixed ranges. */
export const tracedWeights = (on: Tracer, network: Network, masked: ReadonlySet<LayerId> = new Set()): ReadonlyMap<LayerId, Held<Node>> =>
  new Map(trainedLayers(network).map((layer) => [layer.id, tracedLayer(on, layer, masked.has(layer.id))]));

function tracedLayer(on: Tracer, { id, type, weights, constants }: Layer, masked: boolean): Held<Node> {
  const map = mapOf(type.shape);
  if (weights === undefined) return { integers: constants!.length === 0 ? on.rangeFactor(id) : on.bias(id, map), scale: on.literal(1) };
  const { shape } = weights;
  return {
    integers: on.levels(id, shape[0]!, sizeOf(shape.slice(1))),
    scale: on.weightScale(id),
    ...(masked && { mask: on.mask(id, map) }),
  };
}

/** Exports the groups of a schedule: `name0` … (frame, rows), and `nameTotal0` … () to run after them. */
export function addStages(module: ModuleBuilder, name: string, schedule: Schedule, layout: Layout, shards: number): void {
  const added = (stage: Stage): readonly Callee[] => {
    switch (stage.kind) {
      case "rows":
        return [module.add(rowsFunction(stage, layout, schedule))];
      case "products":
        return stage.products.map((product) => module.add(productFunction(product, layout)));
      case "planes":
        return [module.add(planesFunction(stage, layout, schedule))];
    }
  };
  schedule.groups.forEach((stages, i) => {
    const callees = stages.flatMap(added);
    module.export(
      `${name}${i}`,
      wasmFunction(["i32", "i32"], (body, frame, rows) => body.do(...callees.map((callee) => call(callee, frame, rows)))),
    );
    const sums = stages.flatMap((stage) => (stage.kind === "rows" ? stage.reductions.filter(({ op }) => op === "batchSum") : []));
    module.export(`${name}Total${i}`, totalFunction(sums, layout, shards));
  });
}

/** A function () that adds up what the shards have of sums over the batch, in their order. */
const totalFunction = (sums: readonly Node[], { frames, frame, totals }: Layout, shards: number) =>
  wasmFunction([], (body) => {
    for (const node of sums) {
      const parts = Array.from({ length: shards }, (_, shard) =>
        f32.load(i32.const(0), frames + shard * frame.bytes + frame.parts.get(node)!),
      );
      body.do(
        f32.store(
          i32.const(0),
          parts.reduce((sum, part) => f32.add(sum, part)),
          totals.get(node)!,
        ),
      );
    }
  });

/** Exports `quantize` (): the levels of all latent weights, and the integer biases. */
export function addQuantize(module: ModuleBuilder, layout: Layout, clips: ClipSource): void {
  const steps = [...layout.layers.values()].flatMap((layer) => {
    const exactLevel = module.add(exactLevelFunction(layer));
    const kernel = layout.kernels.get(layer.id);
    const arranged = kernel === undefined ? packFunction(layer) : arrangeFunction(kernel);
    return [module.add(quantizeFunction(layer, layout, clips, exactLevel)), module.add(arranged)];
  });
  const biases = [...layout.biases.values()].map((place) => module.add(quantizeBiasFunction(place, layout)));
  module.export(
    "quantize",
    wasmFunction([], (body) => body.do(...[...steps, ...biases].map((step) => call(step)))),
  );
}

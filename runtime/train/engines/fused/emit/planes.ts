import { type Body, type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { f32, f32x4, i32, type I32, type V128, v128 } from "#compiler/wasm/instructions.js";
import type { Node, Sliding } from "../graph/node.js";
import type { Layout } from "../layout.js";
import type { PlanesStage, ScratchPlane } from "../planes.js";
import type { Schedule } from "../schedule.js";
import { eachPlace, everyPlace, offsetOf } from "./places.js";
import { emitSumPool, emitSumPoolGradient, emitToVector, emitMaxPool, emitMaxPoolGradient, emitFromVector } from "./pool.js";
import { narrowOf, sampleValues, type Scene, sceneOf } from "./scene.js";
import { channelBytes, emitConvolution, emitKernelGradient } from "./slide.js";

const emitters: Readonly<Record<Sliding, (scene: Scene, node: Node) => void>> = {
  convolve: emitConvolution,
  convolveGradient: emitConvolution,
  kernelGradient: emitKernelGradient,
  maxPool: emitMaxPool,
  maxPoolGradient: emitMaxPoolGradient,
  sumPool: emitSumPool,
  sumPoolGradient: emitSumPoolGradient,
  toVector: emitToVector,
  fromVector: emitFromVector,
};

/** Columns that are written out where a plane is filled. */
const mostColumns = 8;

/** A function (frame, rows) that does a stage: for each sample, what windows see as a whole, then four channels at a time. */
export function planesFunction(stage: PlanesStage, layout: Layout, { kept }: Schedule): WasmFunction {
  const gradients = stage.nodes.filter(({ op }) => op === "kernelGradient");
  return wasmFunction(["i32", "i32"], (body, frame, rows) => {
    for (const node of gradients) emitClear(body, frame, node, layout);
    body.loop(rows, 1, (row) => {
      const ofSample = sampleValues(body, frame, row, layout);
      narrowOf(stage).forEach(ofSample);
      const sceneAt = (block: I32, channels: number): Scene =>
        sceneOf({ body, frame, row, block, channels, layout, stage, kept, ofSample });
      for (const plane of stage.planes.filter(({ lanes }) => !lanes)) {
        const { channels } = plane.node.map;
        body.loop(Math.ceil(channels / 4), 1, (block) => fillChannels(sceneAt(block, channels), plane));
      }
      body.loop(Math.ceil(stage.channels / 4), 1, (block) => {
        const scene = sceneAt(block, stage.channels);
        for (const plane of stage.planes) if (plane.lanes && !stage.madeBy.has(plane)) fillLanes(scene, plane);
        for (const node of stage.nodes) emitters[node.op as Sliding](scene, node);
      });
    });
    for (const node of gradients) emitCollect(body, frame, node, layout);
  });
}

/** A plane of four channels in lanes, from what other stages made. */
function fillLanes(scene: Scene, plane: ScratchPlane): void {
  eachPlace(scene.body, plane.node.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const place = { loop, strides: everyPlace, row: 0, column };
      scene.store(plane, place, scene.fill(plane, place));
    }
  });
}

/** Four channels of a plane that has one after the other. */
function fillChannels(scene: Scene, plane: ScratchPlane): void {
  const { body, frame, block, layout } = scene;
  const channel = channelBytes(plane);
  const target = {
    base: body.let(i32.add(frame, i32.mul(block, i32.const(4 * channel)))),
    offset: layout.frame.scratch.get(plane)! + 4 * (plane.top * plane.width + plane.left),
    row: 4 * plane.spacing * plane.width,
    column: 4 * plane.spacing,
    load: v128.load32_splat,
  };
  eachPlace(body, plane.node.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const place = { loop, strides: everyPlace, row: 0, column };
      const value: V128 = body.let(scene.fill(plane, place));
      const base = loop.base(target, everyPlace);
      for (let lane = 0; lane < Math.min(4, plane.node.map.channels); lane++)
        body.do(v128.store32_lane(base, value, offsetOf(target, place) + lane * channel, lane));
    }
  });
}

function emitClear(body: Body, frame: I32, node: Node, { frame: places, kernels }: Layout): void {
  const { bytes } = kernels.get(String(node.parameters[0]))!.forward;
  body.loop(bytes, 16, (position) => body.do(v128.store(i32.add(frame, position), f32x4.const(0), places.kernelGradients.get(node)!)));
}

/** The gradient by the kernels of a layer, from where loops read them to where its weights are. */
function emitCollect(body: Body, frame: I32, node: Node, { frame: places, kernels }: Layout): void {
  const { layer, forward } = kernels.get(String(node.parameters[0]))!;
  const { units, inputs, stride, offset } = layer;
  body.loop(units, 1, (unit) => {
    const from = body.let(i32.mul(unit, i32.const(4 * inputs)));
    const to = body.let(i32.add(frame, i32.mul(unit, i32.const(stride))));
    body.loop(4 * inputs, 4, (position) => {
      const place = i32.load(i32.add(from, position), forward.table);
      body.do(
        f32.store(i32.add(to, position), f32.load(i32.add(frame, place), places.kernelGradients.get(node)!), places.gradient + offset),
      );
    });
  });
}

import { areaOf } from "#compiler/catalog/shapes/feature-map.js";
import { f32x4, i32, type V128, v128 } from "#compiler/wasm/instructions.js";
import type { Node } from "../graph/node.js";
import { poolOf } from "../sliding.js";
import { eachPlace, everyPlace, type Loop, offsetOf, type Place, type Plane } from "./places.js";
import type { Scene } from "./scene.js";

const all = (value: number): V128 => f32x4.const(value);
/** Windows in a row that are written out. */
const mostColumns = 4;

export const emitMaxPool = (scene: Scene, node: Node): void =>
  emitPool(scene, node, (values) => values.reduce((largest, value) => f32x4.pmax(largest, value)));

export const emitSumPool = (scene: Scene, node: Node): void =>
  emitPool(scene, node, (values) => values.reduce((sum, value) => f32x4.add(sum, value)));

function emitPool(scene: Scene, node: Node, join: (values: readonly V128[]) => V128): void {
  const [operand] = node.inputs;
  eachPlace(scene.body, node.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const values = windowPlaces(node, loop, column).map((place) => scene.body.let(scene.at(place)(operand!)));
      scene.give(node, { loop, strides: everyPlace, row: 0, column }, join(values));
    }
  });
}

/** The gradient of max pooling: it goes to the largest value of each window, shared by equal ones. */
export function emitMaxPoolGradient(scene: Scene, node: Node): void {
  const { body } = scene;
  const [values, largest, slope] = node.inputs;
  eachPlace(body, largest!.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const valueOf = scene.at({ loop, strides: everyPlace, row: 0, column });
      const most = valueOf(largest!);
      const places = windowPlaces(node, loop, column);
      const isMost = places.map((place) => body.let(f32x4.eq(scene.at(place)(values!), most)));
      const ties = isMost.map((mask) => v128.and(mask, all(1))).reduce((sum, one) => f32x4.add(sum, one));
      const share = body.let(f32x4.div(valueOf(slope!), ties));
      places.forEach((place, i) => scene.give(node, place, v128.and(isMost[i]!, share)));
    }
  });
  emitRest(scene, node);
}

export function emitSumPoolGradient(scene: Scene, node: Node): void {
  const [slope] = node.inputs;
  eachPlace(scene.body, slope!.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const places = windowPlaces(node, loop, column);
      const same = scene.at({ loop, strides: everyPlace, row: 0, column })(slope!);
      for (const place of places) scene.give(node, place, same);
    }
  });
  emitRest(scene, node);
}

/** The places of one window, that of the loop's column or of one after it. */
function windowPlaces(node: Node, loop: Loop, column: number): readonly Place[] {
  const { height, width } = poolOf(node).pool;
  const strides = { rows: height, columns: width };
  return Array.from({ length: height * width }, (_, i) => ({
    loop,
    strides,
    row: Math.floor(i / width),
    column: column * width + (i % width),
  }));
}

/** Rows and columns that fill no window get nothing. */
function emitRest(scene: Scene, node: Node): void {
  const { pool, input } = poolOf(node);
  const [rows, columns] = [input.height - (input.height % pool.height), input.width - (input.width % pool.width)];
  const nothing = (top: number, left: number, height: number, width: number): void => {
    if (height * width === 0) return;
    eachPlace(scene.body, { height, width }, mostColumns, (loop, count) => {
      for (let column = 0; column < count; column++)
        scene.give(node, { loop, strides: everyPlace, row: top, column: left + column }, all(0));
    });
  };
  nothing(rows, 0, input.height - rows, input.width);
  nothing(0, columns, rows, input.width - columns);
}

/** Lanes of channels become channels one after the other. */
export function emitToVector(scene: Scene, node: Node): void {
  const [operand] = node.inputs;
  const target = vectorPlane(scene, node, operand!);
  eachPlace(scene.body, operand!.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const place = { loop, strides: everyPlace, row: 0, column };
      const value = scene.body.let(scene.masked(scene.at(place)(operand!)));
      const base = loop.base(target, everyPlace);
      for (let lane = 0; lane < 4; lane++)
        scene.body.do(v128.store32_lane(base, value, offsetOf(target, place) + 4 * lane * areaOf(operand!.map), lane));
    }
  });
}

export function emitFromVector(scene: Scene, node: Node): void {
  const source = vectorPlane(scene, node.inputs[0]!, node);
  eachPlace(scene.body, node.map, mostColumns, (loop, count) => {
    for (let column = 0; column < count; column++) {
      const place = { loop, strides: everyPlace, row: 0, column };
      const base = loop.base(source, everyPlace);
      const offset = (lane: number): number => offsetOf(source, place) + 4 * lane * areaOf(node.map);
      const value = [1, 2, 3].reduce(
        (vector, lane) => v128.load32_lane(base, vector, offset(lane), lane),
        v128.load32_zero(base, offset(0)),
      );
      scene.give(node, place, value);
    }
  });
}

/** The first of four channels of a map in a vector, channel by channel. */
function vectorPlane({ body, block, rowOf, layout }: Scene, vector: Node, { map }: Node): Plane {
  const { offset, stride } = layout.frame.floats.get(vector)!;
  const base = body.let(i32.add(rowOf(stride), i32.mul(block, i32.const(16 * areaOf(map)))));
  return { base, offset, row: 4 * map.width, column: 4, load: v128.load32_splat };
}

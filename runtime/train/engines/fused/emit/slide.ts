import type { Body } from "#compiler/wasm/function.js";
import { f32x4, i32, type I32, i32x4, type V128, v128 } from "#compiler/wasm/instructions.js";
import type { Node } from "../graph/node.js";
import { mostExact } from "../exact.js";
import type { Arrangement } from "../kernels.js";
import type { ScratchPlane } from "../planes.js";
import { convolutionOf, isDepthwise, type Sources, sourcesOf } from "../sliding.js";
import { eachPlace, everyPlace, lanes, offsetOf, type Plane, splatted } from "./places.js";
import type { Scene } from "./scene.js";

/** Vectors that stay in registers, of those that code for WebAssembly gets, and columns that are worked on together at most. */
const [registers, mostColumns] = [14, 6];
/** Kernels of so many taps stay in registers. */
const mostHeld = 9;

/** So many columns that, with the vectors that stay and two that come and go, all fit into registers. */
const columnsBeside = (held: number): number => Math.max(1, Math.min(mostColumns, registers - 2 - held));

/** What the windows of a node slide over: its corner is the first tap of the first window. */
interface Windows extends Plane {
  /** From one channel to the next. */
  readonly channel: number;
}

/** Sums of windows: of a convolution, or of its gradient by the input, which is one over spaced and turned sums. */
export function emitConvolution(scene: Scene, node: Node): void {
  const { body, block, layout } = scene;
  const geometry = convolutionOf(node);
  const turned = node.op === "convolveGradient";
  const { kernel, stride } = geometry;
  const area = kernel.height * kernel.width;
  const sources = sourcesOf(geometry, turned);
  const windows = windowsOf(scene, node, node.inputs[0]!, sources);
  const { forward, wide, turned: byInput } = layout.kernels.get(String(node.inputs[1]!.parameters[0]))!;
  const { read, multiply, add, result } = wide && !turned ? integer : float;
  const levels: Arrangement = turned && byInput !== undefined ? byInput : forward;
  const first = body.let(i32.mul(block, i32.const(16 * sources.count * area)));
  const strides = turned ? everyPlace : { rows: stride, columns: stride };
  const isReversed = turned && levels === forward;
  const levelAt = (base: I32, tap: number): V128 =>
    body.let(read(v128.load(base, levels.address + 16 * (isReversed ? area - 1 - tap : tap))));
  const isHeld = sources.count === 1 && area <= mostHeld;
  const held = isHeld ? Array.from({ length: area }, (_, tap) => levelAt(first, tap)) : undefined;
  eachPlace(body, node.map, columnsBeside(held?.length ?? kernel.width), (loop, count) => {
    const sums = Array.from({ length: count }, () => body.let(f32x4.const(0)));
    const source = body.let(loop.base(windows, strides));
    const level = body.let(first);
    body.loop(sources.count, 1, () => {
      for (let row = 0; row < kernel.height; row++) {
        const taps = Array.from(
          { length: kernel.width },
          (_, column) => held?.[row * kernel.width + column] ?? levelAt(level, row * kernel.width + column),
        );
        for (const { column, met } of meetings(kernel.width, strides.columns, count)) {
          const seen = body.let(read(windows.load(source, offsetOf(windows, { loop, strides, row, column }))));
          for (const { window, tap } of met) body.set(sums[window]!, add(sums[window]!, multiply(seen, taps[tap]!)));
        }
      }
      body.set(source, i32.add(source, i32.const(windows.channel)));
      body.set(level, i32.add(level, i32.const(16 * area)));
    });
    sums.forEach((sum, column) => scene.give(node, { loop, strides: everyPlace, row: 0, column }, result(body, sum)));
  });
}

/** For each column that windows side by side see: which taps of which windows meet there. */
function meetings(
  taps: number,
  stride: number,
  windows: number,
): readonly { readonly column: number; readonly met: readonly { readonly window: number; readonly tap: number }[] }[] {
  const columns = Array.from({ length: (windows - 1) * stride + taps }, (_, column) => {
    const all = Array.from({ length: windows }, (_, window) => ({ window, tap: column - window * stride }));
    return { column, met: all.filter(({ tap }) => tap >= 0 && tap < taps) };
  });
  return columns.filter(({ met }) => met.length > 0);
}

interface Arithmetic {
  /** Of a whole number that is stored as float32. */
  readonly read: (value: V128) => V128;
  readonly multiply: (left: V128, right: V128) => V128;
  readonly add: (left: V128, right: V128) => V128;
  readonly result: (body: Body, sum: V128) => V128;
}

const float: Arithmetic = { read: (value) => value, multiply: f32x4.mul, add: f32x4.add, result: (_body, sum) => sum };

/** For sums that float32 may not hold: those lose what is below their first 24 bits, which rescaling to 8 bits drops anyway. */
const integer: Arithmetic = {
  read: i32x4.trunc_sat_f32x4_s,
  multiply: i32x4.mul,
  add: i32x4.add,
  result: (body, sum) => {
    const held = body.let(sum);
    const most = (limit: number): V128 => i32x4.splat(i32.const(limit));
    const tooLarge = v128.or(i32x4.gt_s(held, most(mostExact)), i32x4.gt_s(most(-mostExact), held));
    return f32x4.convert_i32x4_s(v128.andnot(held, v128.and(tooLarge, i32x4.splat(i32.const(127)))));
  },
};

/** Adds to the gradient by the kernels what the sample tells about it. */
export function emitKernelGradient(scene: Scene, node: Node): void {
  const { body, block, frame, layout } = scene;
  const geometry = convolutionOf(node);
  const { kernel, output, stride } = geometry;
  const area = kernel.height * kernel.width;
  const sources = sourcesOf(geometry);
  const windows = windowsOf(scene, node, node.inputs[1]!, sources);
  const source = body.let(windows.base);
  const offset = layout.frame.kernelGradients.get(node)!;
  const sumBase = body.let(i32.add(frame, i32.mul(block, i32.const(16 * sources.count * area))));
  const strides = { rows: stride, columns: stride };
  const rowsHeld = Math.max(1, Math.floor(mostHeld / kernel.width));
  body.loop(sources.count, 1, () => {
    for (let first = 0; first < kernel.height; first += rowsHeld) {
      const rows = Array.from({ length: Math.min(rowsHeld, kernel.height - first) }, (_, i) => first + i);
      const sums = rows.map((row) =>
        Array.from({ length: kernel.width }, (_, tap) => body.let(v128.load(sumBase, offset + 16 * (row * kernel.width + tap)))),
      );
      eachPlace(body, output, columnsBeside(rows.length * kernel.width), (loop, count) => {
        const slopes = Array.from({ length: count }, (_, column) =>
          body.let(scene.at({ loop, strides: everyPlace, row: 0, column })(node.inputs[0]!)),
        );
        const from = loop.base({ ...windows, base: source }, strides);
        rows.forEach((row, i) => {
          for (const { column, met } of meetings(kernel.width, stride, count)) {
            const seen = body.let(windows.load(from, offsetOf(windows, { loop, strides, row, column })));
            for (const { window, tap } of met) body.set(sums[i]![tap]!, f32x4.add(sums[i]![tap]!, f32x4.mul(seen, slopes[window]!)));
          }
        });
      });
      rows.forEach((row, i) => sums[i]!.forEach((sum, tap) => body.do(v128.store(sumBase, sum, offset + 16 * (row * kernel.width + tap)))));
    }
    body.set(source, i32.add(source, i32.const(windows.channel)));
    body.set(sumBase, i32.add(sumBase, i32.const(16 * area)));
  });
}

/** The scratch plane of an operand, from the corner of the node's first window; of all sources, the first of the block. */
function windowsOf({ stage, body, frame, block, layout }: Scene, node: Node, operand: Node, sources: Sources): Windows {
  const geometry = convolutionOf(node);
  const isTurned = node.op === "convolveGradient";
  const depthwise = isDepthwise(geometry);
  const plane = stage.planes.find(
    (each) => each.node === operand && each.lanes === depthwise && each.spacing === (isTurned ? geometry.stride : 1),
  )!;
  const { kernel, padding } = geometry;
  const [top, left] = isTurned ? [kernel.height - 1 - padding.top, kernel.width - 1 - padding.left] : [padding.top, padding.left];
  const size = depthwise ? 16 : 4;
  const channel = channelBytes(plane);
  const group = i32.div_u(i32.shl(block, i32.const(2)), i32.const(sources.share));
  const base = depthwise ? frame : body.let(i32.add(frame, i32.mul(group, i32.const(sources.depth * channel))));
  const offset = layout.frame.scratch.get(plane)! + size * ((plane.top - top) * plane.width + plane.left - left);
  return { base, offset, row: size * plane.width, column: size, load: depthwise ? lanes : splatted, channel };
}

/** Of a plane of one channel after the other. */
export const channelBytes = ({ height, width }: ScratchPlane): number => 4 * height * width;

import { normalOf, type Random } from "../../random.js";
import { rooms, startModule } from "../../wasm/start.js";
import { bendFunction } from "./bend-function.js";
import { normalsFunction } from "./normals-function.js";
import { type Splines, splinePower, splines } from "./splines.js";

/** Where each pixel of an image comes from: an affine map of its place, [x, y] → [a·x + b·y + c, d·x + e·y + f]. */
export type Place = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Moves the pixels of a byte image: each is read where `place` says and a smooth random displacement of this amplitude, its
 * root mean square, between four pixels in proportion; outside the image is 0.
 */
export type Bend = (from: Uint8Array, to: Uint8Array, place: Place, amplitude: number, random: Random) => void;

/**
 * Prepares moving images. Their displacements are as smooth as white noise behind a Gaussian of `smoothness` pixels: normal
 * coefficients on a coarse grid, joined by uniform cubic B-splines, whose spread is the grid's spacing over √3.
 */
export function bender(height: number, width: number, smoothness: number): Bend {
  const spacing = smoothness * Math.sqrt(3);
  const [down, across] = [splines(height, spacing), splines(width, spacing)];
  const [grid, pairs] = [down.knots * across.knots, Math.ceil(height / 2)];
  const { room, total } = rooms();
  const normals = { count: 2 * grid, words: room(16 * grid), results: room(16 * grid) };
  const at = {
    height,
    width,
    knots: across.knots,
    grids: [normals.results, normals.results + 8 * grid],
    source: room(height * width + 4),
    image: room(8 * ((height + 4) * (width + 2) + 4)),
    lines: [room(16 * across.knots * pairs), room(16 * across.knots * pairs)],
    alongY: [room(16 * pairs), room(16 * pairs)],
    firstDown: room(8 * pairs),
    weightsDown: room(64 * pairs),
    firstAcross: room(4 * width),
    weightsAcross: room(32 * width),
    result: room((height + 1) * width),
  } as const;
  const { run, memory } = startModule({ draw: normalsFunction(normals), bend: bendFunction(at) }, total());
  writeTables(memory.buffer, at, down, across);
  const source = new Uint8Array(memory.buffer, at.source, height * width);
  const result = new Uint8Array(memory.buffer, at.result, height * width);
  const words = new Uint32Array(memory.buffer, normals.words, 2 * normals.count);
  const grids = new Float64Array(memory.buffer, normals.results, normals.count);
  const drawGrids = (amplitude: number, random: Random): void => {
    random.fill(words);
    if (run["draw"]!(amplitude, splinePower) === 0) return;
    for (let i = 0; i < grids.length; i++) grids[i] = Math.fround((normalOf(words[2 * i]!, words[2 * i + 1]!) * amplitude) / splinePower);
  };
  return (from, to, [a, b, c, d, e, f], amplitude, random) => {
    drawGrids(amplitude, random);
    source.set(from);
    run["bend"]!(a, b, c, d, e, f);
    to.set(result);
  };
}

interface Tables {
  readonly knots: number;
  readonly firstDown: number;
  readonly weightsDown: number;
  readonly firstAcross: number;
  readonly weightsAcross: number;
}

/** The splines as `bendFunction` reads them. */
function writeTables(memory: SharedArrayBuffer, at: Tables, down: Splines, across: Splines): void {
  const firstDown = new Int32Array(memory, at.firstDown);
  const weightsDown = new Float64Array(memory, at.weightsDown);
  down.first.forEach((first, y) => (firstDown[y] = 8 * at.knots * first));
  down.weights.forEach((weight, i) => (weightsDown[8 * (i >> 3) + 2 * (i % 4) + ((i >> 2) % 2)] = weight));
  new Int32Array(memory, at.firstAcross).set(across.first.map((first) => 16 * first));
  new Float64Array(memory, at.weightsAcross).set(across.weights);
}

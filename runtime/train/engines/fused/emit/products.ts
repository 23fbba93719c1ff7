import type { Body } from "#compiler/wasm/function.js";
import { type WasmFunction, wasmFunction } from "#compiler/wasm/function.js";
import { i32, type I32 } from "#compiler/wasm/instructions.js";
import type { LayerId } from "#compiler/ir/network.js";
import type { Node, Product } from "../graph/node.js";
import { type LatentPlace, type Layout, padded } from "../layout.js";
import { emitProduct, float, integer } from "./product.js";

interface Place {
  readonly layout: Layout;
  readonly id: LayerId;
  readonly frame: I32;
  readonly rows: I32;
}

/** A function (frame, rows) that computes one product for the samples of a shard. */
export function productFunction(product: Node, layout: Layout): WasmFunction {
  return wasmFunction(["i32", "i32"], (body, frame, rows) => {
    emitters[product.op as Product](body, product, { layout, id: layerOf(product), frame, rows });
  });
}

const layerOf = ({ op, parameters, inputs }: Node): string => String(op === "weightGradient" ? parameters[0] : inputs[1]!.parameters[0]);

const emitters: Readonly<Record<Product, (body: Body, product: Node, place: Place) => void>> = {
  /** [rows, inputs] by [units, inputs]: whole numbers. */
  product: (body, product, { layout: { frame: places, layers }, id, frame, rows }) => {
    const layer = layers.get(id)!;
    const a = places.integers.get(product.inputs[0]!)!;
    const c = places.floats.get(product)!;
    const pairs = padded(layer.inputs) / 2;
    emitProduct(body, {
      ...{ rows, columns: padded(layer.units), depth: pairs, arithmetic: integer },
      a: { address: frame, offset: a.offset, row: a.stride, depth: 4 },
      b: { address: i32.const(0), offset: layer.packed, panel: 32 * pairs, depth: (vectors) => 16 * vectors },
      c: { address: frame, offset: c.offset, row: c.stride },
    });
  },
  /** [rows, units] by [units, inputs]. */
  inputGradient: (body, product, { layout: { frame: places, layers }, id, frame, rows }) => {
    const layer = layers.get(id)!;
    const a = places.floats.get(product.inputs[0]!)!;
    const c = places.floats.get(product)!;
    emitProduct(body, {
      ...{ rows, columns: padded(layer.inputs), depth: layer.units, arithmetic: float },
      a: { address: frame, offset: a.offset, row: a.stride, depth: 4 },
      b: { address: i32.const(0), offset: layer.levels, panel: 32, depth: () => layer.stride },
      c: { address: frame, offset: c.offset, row: c.stride },
    });
  },
  /** [units, rows] by [rows, inputs]: of weights, or of biases, whose only input is 1. */
  weightGradient: (body, product, { layout: { frame: places, layers, biases }, id, frame, rows }) => {
    const layer: LatentPlace = layers.get(id) ?? biases.get(id)!;
    const [a, b] = product.inputs.map((operand) => places.floats.get(operand)!) as [
      { offset: number; stride: number },
      { offset: number; stride: number },
    ];
    emitProduct(body, {
      ...{ rows: padded(layer.units), columns: padded(layer.inputs), depth: rows, arithmetic: float },
      a: { address: frame, offset: a.offset, row: 4, depth: a.stride },
      b: { address: frame, offset: b.offset, panel: 32, depth: () => b.stride },
      c: { address: frame, offset: places.gradient + layer.offset, row: layer.stride },
    });
  },
};

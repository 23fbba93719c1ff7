import { message, repeated } from "./wire.js";

/** The messages of onnx.proto3 that a model of ours is made of; numbers of fields and types are that file's. */

/** `TensorProto.DataType`. */
export const elementTypes = { i8: 3, i32: 6, i64: 7 } as const;
export type ElementType = keyof typeof elementTypes;

export interface Node {
  readonly operation: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface Initializer {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** An input, an output or a value in between; its first extent is the batch. */
export interface ValueInfo {
  readonly name: string;
  readonly element: ElementType;
  readonly size: number | undefined;
  readonly doc: string;
}

export interface Model {
  readonly name: string;
  readonly doc: string;
  readonly producerVersion: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly between: readonly ValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The oldest versions with all that we use, so that old runtimes can read it: IR of ONNX 1.8, operators 13. */
const irVersion = 7;
const operatorSet = 13;

/** The bytes of an .onnx file; the same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array {
  const graph = message(
    ...repeated(1, model.nodes.map(node)),
    [2, model.name],
    ...repeated(5, model.initializers.map(tensor)),
    [10, model.doc],
    ...repeated(11, model.inputs.map(valueInfo)),
    ...repeated(12, model.outputs.map(valueInfo)),
    ...repeated(13, model.between.map(valueInfo)),
  );
  return message(
    [1, irVersion],
    [2, "bnmc"],
    [3, model.producerVersion],
    [6, model.doc],
    [7, graph],
    [8, message([1, ""], [2, operatorSet])],
    ...repeated(
      14,
      Object.entries(model.metadata).map(([key, value]) => message([1, key], [2, value])),
    ),
  );
}

const node = ({ operation, name, inputs, output, attributes = {} }: Node): Uint8Array =>
  message(...repeated(1, inputs), [2, output], [3, name], [4, operation], ...repeated(5, Object.entries(attributes).map(attribute)));

const INT = 2;
const INTS = 7;

const attribute = ([name, value]: readonly [string, number | readonly number[]]): Uint8Array =>
  typeof value === "number" ? message([1, name], [3, value], [20, INT]) : message([1, name], ...repeated(8, value), [20, INTS]);

const tensor = ({ name, element, shape, values }: Initializer): Uint8Array =>
  message(...repeated(1, shape), [2, elementTypes[element]], [8, name], [9, rawData(element, values)]);

const widths = { i8: 1, i32: 4, i64: 8 } as const;

/** Little-endian, whatever machine this runs on. */
function rawData(element: ElementType, values: ArrayLike<number>): Uint8Array {
  const width = widths[element];
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (let i = 0; i < values.length; i++) {
    if (element === "i8") view.setInt8(i, values[i]!);
    else if (element === "i32") view.setInt32(i * width, values[i]!, true);
    else view.setBigInt64(i * width, BigInt(values[i]!), true);
  }
  return new Uint8Array(view.buffer);
}

function valueInfo({ name, element, size, doc }: ValueInfo): Uint8Array {
  const extents = [message([2, "batch"]), ...(size === undefined ? [] : [message([1, size])])];
  const type = message([1, message([1, elementTypes[element]], [2, message(...repeated(1, extents))])]);
  return message([1, name], [2, type], [3, doc]);
}

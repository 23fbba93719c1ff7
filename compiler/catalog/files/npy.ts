import { sizeOf } from "../../ir/types.js";
import { DataError } from "../data-error.js";

/** An array as NumPy saves it: bytes stay bytes, all other numbers are read as they are. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float64Array;
}

/** `\x93NUMPY` */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const remedy = "Save it with numpy.save: an array of bool, integers or floats, in C order.";

type Read = (view: DataView, at: number, little: boolean) => number;

const kinds: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** Reads the bytes of an .npy file; `name` is what messages call it. */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const wrong = (what: string): DataError => new DataError(`${name} ${what}`, remedy);
  if (!magic.every((byte, i) => bytes[i] === byte) || bytes.length < 12) throw wrong("is not an .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Version 1 has two bytes for the length of its header, later ones four.
  const [first, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const start = first + length;
  if (start > bytes.length) throw wrong("ends within its header");
  const header = new TextDecoder("latin1").decode(bytes.subarray(first, start));
  const type = /'descr': *'([<>|=])(\w+)'/.exec(header);
  const shape = /'shape': *\(([\d, ]*)\)/
    .exec(header)?.[1]
    ?.split(",")
    .filter((side) => side.trim() !== "")
    .map(Number);
  if (shape === undefined) throw wrong("has a header that cannot be read");
  if (/'fortran_order': *True/.test(header)) throw wrong("is in Fortran order");
  const kind = type === null ? undefined : kinds[type[2]!];
  if (kind === undefined) throw wrong(`holds elements of type ${/'descr': *([^,}]*)/.exec(header)?.[1] ?? "?"}, not numbers`);
  const size = Number(type![2]!.slice(1));
  const count = sizeOf(shape);
  if (bytes.length - start !== count * size)
    throw wrong(`announces ${shape.join(" x ")} elements of ${size} bytes but holds ${bytes.length - start} bytes`);
  if (type![2] === "u1") return { shape, values: bytes.subarray(start) };
  return { shape, values: Float64Array.from({ length: count }, (_, i) => kind(view, start + i * size, type![1] !== ">")) };
}

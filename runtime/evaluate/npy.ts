import type { Logits } from "./evaluate.js";

const magic = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0];
/** NumPy aligns the data, so that files can be mapped into memory. */
const alignment = 64;

type Numbers = Int8Array | Uint8Array | Int32Array | Float32Array;

/** A NumPy file (format 1.0), little-endian and row-major: `numpy.load` reads it. */
export function npy(values: Numbers, shape: readonly number[]): Uint8Array {
  const [kind, write] = kindOf(values);
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${extents}), }`;
  const start = Math.ceil((magic.length + 2 + text.length + 1) / alignment) * alignment;
  const bytes = new Uint8Array(start + values.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint16(magic.length, start - magic.length - 2, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(start - magic.length - 3)}\n`), magic.length + 2);
  values.forEach((value, i) => write(view, start + i * values.BYTES_PER_ELEMENT, value));
  return bytes;
}

type Write = (view: DataView, at: number, value: number) => void;

function kindOf(values: Numbers): readonly [string, Write] {
  if (values instanceof Int8Array) return ["|i1", (view, at, value) => view.setInt8(at, value)];
  if (values instanceof Uint8Array) return ["|u1", (view, at, value) => view.setUint8(at, value)];
  if (values instanceof Int32Array) return ["<i4", (view, at, value) => view.setInt32(at, value, true)];
  return ["<f4", (view, at, value) => view.setFloat32(at, value, true)];
}

/** The sums of all samples, int32 [samples, classes]. */
export const npyOf = ({ samples, classes, values }: Logits): Uint8Array => npy(values, [samples, classes]);

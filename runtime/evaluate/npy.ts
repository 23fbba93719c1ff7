import type { Logits } from "./evaluate.js";

const magic = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0];
/** NumPy aligns the data, so that files can be mapped into memory. */
const alignment = 64;

/** A NumPy file (format 1.0) of int32, [samples, classes]: `numpy.load` reads it. */
export function npyOf({ samples, classes, values }: Logits): Uint8Array {
  const text = `{'descr': '<i4', 'fortran_order': False, 'shape': (${samples}, ${classes}), }`;
  const start = Math.ceil((magic.length + 2 + text.length + 1) / alignment) * alignment;
  const bytes = new Uint8Array(start + values.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint16(magic.length, start - magic.length - 2, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(start - magic.length - 3)}\n`), magic.length + 2);
  values.forEach((value, i) => view.setInt32(start + 4 * i, value, true));
  return bytes;
}

/** How torch stores the elements of a tensor, by the class that a checkpoint names. */
export interface StorageKind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const kinds: Readonly<Record<string, StorageKind>> = {
  FloatStorage: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  DoubleStorage: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  HalfStorage: { bytes: 2, read: (view, at, little) => halfToNumber(view.getUint16(at, little)) },
  BFloat16Storage: { bytes: 2, read: (view, at, little) => brainToNumber(view.getUint16(at, little)) },
  LongStorage: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  IntStorage: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  ShortStorage: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  CharStorage: { bytes: 1, read: (view, at) => view.getInt8(at) },
  ByteStorage: { bytes: 1, read: (view, at) => view.getUint8(at) },
  BoolStorage: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** By the full name, `torch.FloatStorage`. */
export const storageKinds: ReadonlyMap<string, StorageKind> = new Map(Object.entries(kinds).map(([name, kind]) => [`torch.${name}`, kind]));

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16: the upper half of a float32. */
function brainToNumber(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}

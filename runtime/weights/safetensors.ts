import { Failure } from "../failure.js";

/**
 * The safetensors container: a length, a JSON header, then the bytes of all tensors without gaps. Only float32 is
 * read and written; the reader holds a file to every rule of the format before it trusts an offset.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TensorFile {
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
const alignment = 8;
const remedy = "it was damaged on the way or is no safetensors file of float32: copy it again, or train again";

/** The same content always gives the same bytes. */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, (end += values.byteLength)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(lengthBytes + headerBytes + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + headerBytes);
  bytes.set(json, lengthBytes);
  let offset = lengthBytes + headerBytes;
  for (const { values } of tensors.values()) {
    for (const value of values) (view.setFloat32(offset, value, true), (offset += 4));
  }
  return bytes;
}

/** `path` only names the file in messages; everything that is wrong with it is a `Failure`. */
export function readSafetensors(bytes: Uint8Array, path: string): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view, path);
  const { __metadata__: metadata = {}, ...entries } = header.json;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw broken(path, "its __metadata__ is not a table of texts");
  }
  const tensors = new Map<string, Tensor>();
  const ranges: Range[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const { shape, start, end } = readEntry(name, entry, path);
    if (header.end + end > view.byteLength) throw broken(path, `it ends before the values of ${name}`);
    ranges.push({ name, start, end });
    tensors.set(name, { shape, values: readFloats(view, header.end + start, (end - start) / 4) });
  }
  checkRanges(ranges, view.byteLength - header.end, path);
  return { tensors, metadata: metadata as Readonly<Record<string, string>> };
}

interface Range {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function readHeader(view: DataView, path: string): { readonly json: Record<string, unknown>; readonly end: number } {
  if (view.byteLength < lengthBytes) throw broken(path, `it has only ${view.byteLength} bytes`);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(view.byteLength - lengthBytes)) throw broken(path, "it ends before its header does");
  const text = new Uint8Array(view.buffer, view.byteOffset + lengthBytes, Number(length));
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
    if (isRecord(json)) return { json, end: lengthBytes + Number(length) };
  } catch {
    // Falls through: text that is no JSON and JSON that is no table are the same mistake.
  }
  throw broken(path, "its header is not a JSON table");
}

function readEntry(name: string, entry: unknown, path: string): Omit<Range, "name"> & Pick<Tensor, "shape"> {
  if (!isRecord(entry)) throw broken(path, `the header's entry for ${name} is not a table`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32") throw new Failure(`${path}: ${name} is stored as ${JSON.stringify(dtype)}, not as F32`, "convert it to float32");
  if (!isExtents(shape)) throw broken(path, `the shape of ${name} is ${JSON.stringify(shape)}`);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [start, end] = isExtents(offsets) && offsets.length === 2 ? offsets : [0, -1];
  if (end! - start! !== 4 * size) throw broken(path, `the place of ${name} does not fit its shape [${shape.join(", ")}]`);
  return { shape, start: start!, end: end! };
}

function checkRanges(ranges: readonly Range[], total: number, path: string): void {
  let end = 0;
  for (const range of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (range.start < end) throw broken(path, `the values of ${range.name} overlap those of another tensor`);
    if (range.start > end) throw broken(path, `there is a gap before the values of ${range.name}`);
    end = range.end;
  }
  if (end !== total) throw broken(path, `${total - end} bytes follow the last tensor`);
}

/** Copies, because tensors need not be aligned in the file. */
function readFloats(view: DataView, start: number, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat32(start + 4 * i, true);
  return values;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const isExtents = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);

const broken = (path: string, what: string): Failure => new Failure(`${path} cannot be read as weights: ${what}`, remedy);

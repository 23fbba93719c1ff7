/**
 * TensorBoard's event files: TFRecords (a length and its checksum, data and its checksum) that each hold an `Event`
 * of TensorFlow's event.proto. Only scalars are written.
 */
export type Scalars = Readonly<Record<string, number>>;

/** The record that every event file starts with; times are seconds since 1970. */
export const versionRecord = (time: number): Uint8Array =>
  recordOf(concatenate([doubleField(1, time), bytesField(3, text("brain.Event:2"))]));

/** The values of some scalars at one step. */
export const eventRecord = (time: number, step: number, scalars: Scalars): Uint8Array =>
  recordOf(concatenate([doubleField(1, time), [...tag(2, 0), ...varint(step)], bytesField(5, summaryOf(scalars))]));

const summaryOf = (scalars: Scalars): Uint8Array =>
  concatenate(
    Object.entries(scalars).map(([name, value]) => bytesField(1, concatenate([bytesField(1, text(name)), floatField(2, value)]))),
  );

export function recordOf(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concatenate([length, littleEndian(maskedChecksum(length)), data, littleEndian(maskedChecksum(data))]);
}

/** CRC-32C, rotated and offset, so that a checksum of data that holds checksums stays strong. */
export function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

/** Castagnoli's polynomial, reflected. */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  return remainder;
});

export function crc32c(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of bytes) checksum = table[(checksum ^ byte) & 0xff]! ^ (checksum >>> 8);
  return ~checksum >>> 0;
}

// Protocol buffers: a field is its number and wire type, then a varint (0), 8 bytes (1), a length and bytes (2) or 4 bytes (5).

const tag = (field: number, wireType: number): number[] => varint(field * 8 + wireType);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const bytesField = (field: number, bytes: Uint8Array): Uint8Array => concatenate([[...tag(field, 2), ...varint(bytes.length)], bytes]);

const doubleField = (field: number, value: number): Uint8Array =>
  concatenate([tag(field, 1), new Uint8Array(Float64Array.of(value).buffer)]);

const floatField = (field: number, value: number): Uint8Array =>
  concatenate([tag(field, 5), new Uint8Array(Float32Array.of(value).buffer)]);

const littleEndian = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function concatenate(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

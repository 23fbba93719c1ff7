import { describe, expect, test } from "vitest";
import { crc32c, eventRecord, maskedChecksum, versionRecord } from "./tensorboard.js";

/** Reads records as TensorFlow does, checksums included. */
function recordsIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 8, true)).toBe(maskedChecksum(bytes.subarray(at, at + 8)));
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedChecksum(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a protocol buffer, whatever its schema. */
function fieldsIn(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    const byte = bytes[at++]!;
    return byte < 128 ? byte : byte - 128 + 128 * varint();
  };
  const value = (wireType: number): number | Uint8Array => {
    if (wireType === 0) return varint();
    const start = wireType === 2 ? varint() : wireType === 1 ? 8 : 4;
    at += start;
    if (wireType === 2) return bytes.subarray(at - start, at);
    return wireType === 1 ? view.getFloat64(at - 8, true) : view.getFloat32(at - 4, true);
  };
  const fields: Field[] = [];
  while (at < bytes.length) {
    const key = varint();
    fields.push([key >> 3, value(key & 7)]);
  }
  return fields;
}

const textOf = (value: number | Uint8Array): string => new TextDecoder().decode(value as Uint8Array);

describe("event files", () => {
  test("use the checksum of the published vectors (RFC 3720, appendix B.4)", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });

  test("start with the version of the format", () => {
    const [event] = recordsIn(versionRecord(1700000000.5));
    const fields = fieldsIn(event!);
    expect(fields[0]).toEqual([1, 1700000000.5]);
    expect(textOf(fields[1]![1])).toBe("brain.Event:2");
  });

  test("hold scalars by step", () => {
    const [event] = recordsIn(eventRecord(12.5, 300, { "loss/train": 0.25, rate: 0.001 }));
    const fields = fieldsIn(event!);
    expect(fields.slice(0, 2)).toEqual([
      [1, 12.5],
      [2, 300],
    ]);
    expect(fields[2]![0]).toBe(5);
    const scalars = fieldsIn(fields[2]![1] as Uint8Array).map(([field, value]) => {
      expect(field).toBe(1);
      const [name, scalar] = fieldsIn(value as Uint8Array);
      return [textOf(name![1]), scalar![1]];
    });
    expect(scalars).toEqual([
      ["loss/train", 0.25],
      ["rate", Math.fround(0.001)],
    ]);
  });

  test("have whole records one after the other", () => {
    const parts = [versionRecord(1), eventRecord(2, 1, { a: 1 }), eventRecord(3, 2 ** 40, { a: 2 })];
    const file = Uint8Array.from(parts.flatMap((part) => [...part]));
    const records = recordsIn(file);
    expect(records).toHaveLength(3);
    expect(fieldsIn(records[2]!)[1]).toEqual([2, 2 ** 40]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../failure.js";
import { readSafetensors, type TensorFile, writeSafetensors } from "./safetensors.js";

const sample: TensorFile = {
  tensors: new Map([
    ["dense1.weight", { shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 3.25, -0, 1e-30) }],
    ["dense1.clip", { shape: [], values: Float32Array.of(0.75) }],
  ]),
  metadata: { network: "abc", dataset: "ünïcode" },
};

/** A file with any header and so many bytes of data. */
function fileWith(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const tensor = (start: number, end: number, shape = [(end - start) / 4]) => ({ dtype: "F32", shape, data_offsets: [start, end] });

describe("safetensors", () => {
  test("gives back what was written", () => {
    const read = readSafetensors(writeSafetensors(sample), "w");
    expect(read).toEqual(sample);
    expect(Object.is(read.tensors.get("dense1.weight")!.values[4], -0)).toBe(true);
  });

  test("aligns the data and starts with the length of the header", () => {
    const bytes = writeSafetensors(sample);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
    expect(header["dense1.weight"]).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [0, 24] });
    expect(bytes.length).toBe(8 + length + 28);
  });

  test("reads tensors in any order and without metadata", () => {
    const bytes = fileWith({ b: tensor(4, 8), a: tensor(0, 4) }, 8);
    new DataView(bytes.buffer).setFloat32(bytes.length - 8, 7, true);
    const { tensors, metadata } = readSafetensors(bytes, "w");
    expect(tensors.get("a")!.values[0]).toBe(7);
    expect(metadata).toEqual({});
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(0), /it has only 0 bytes/],
    ["a header beyond the end", fileWith("{}", 0).subarray(0, 9), /ends before its header/],
    ["a huge header length", Uint8Array.from({ length: 16 }, () => 0xff), /ends before its header/],
    ["no JSON", fileWith("{", 0), /not a JSON table/],
    ["a JSON list", fileWith("[]", 0), /not a JSON table/],
    ["text that is not UTF-8", Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28), /not a JSON table/],
    ["metadata of numbers", fileWith({ __metadata__: { epochs: 3 } }, 0), /__metadata__/],
    ["truncated values", fileWith({ w: tensor(0, 8) }, 4), /ends before the values of w/],
    ["another type", fileWith({ w: { ...tensor(0, 4), dtype: "F16" } }, 4), /w is stored as "F16", not as F32/],
    ["a negative extent", fileWith({ w: tensor(0, 4, [-1, -1]) }, 4), /the shape of w is \[-1,-1\]/],
    ["a shape that is too large", fileWith({ w: tensor(0, 4, [2]) }, 4), /the place of w does not fit/],
    ["a shape beyond all numbers", fileWith({ w: tensor(0, 4, [2 ** 52, 2 ** 52]) }, 4), /the place of w does not fit/],
    ["overlapping values", fileWith({ a: tensor(0, 8), b: tensor(4, 12) }, 12), /the values of b overlap/],
    ["a gap", fileWith({ a: tensor(0, 4), b: tensor(8, 12) }, 12), /a gap before the values of b/],
    ["bytes after the last tensor", fileWith({ a: tensor(0, 4) }, 5), /1 bytes follow/],
    ["an entry that is no table", fileWith({ a: 4 }, 0), /entry for a is not a table/],
  ])("refuses %s", (_, bytes, message) => {
    const failure = caught(() => readSafetensors(bytes, "model.safetensors"));
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toMatch(message);
    expect((failure as Failure).message).toMatch(/^model\.safetensors/);
  });

  test("never fails in another way on a damaged file", () => {
    const bytes = writeSafetensors(sample);
    const damage = fc.array(fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.nat(bytes.length), (changes, length) => {
        const damaged = bytes.slice(0, length);
        for (const { at, byte } of changes) if (at < length) damaged[at] = byte;
        const failure = caught(() => readSafetensors(damaged, "w"));
        expect(failure === undefined || failure instanceof Failure).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

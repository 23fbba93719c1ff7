import { describe, expect, test } from "vitest";
import { loadElf } from "./index.js";

/** The header of an executable without segments, sections or symbols. */
function header(change: (file: DataView) => void = () => {}): Uint8Array {
  const file = new DataView(new ArrayBuffer(52));
  file.setUint32(0, 0x7f454c46);
  file.setUint8(4, 1);
  file.setUint8(5, 1);
  file.setUint16(16, 2, true);
  file.setUint16(18, 243, true);
  file.setUint32(24, 0x1234, true);
  change(file);
  return new Uint8Array(file.buffer);
}

test("an empty executable has its entry and nothing else", () => {
  expect(loadElf(header())).toEqual({ entry: 0x1234, segments: [], sections: [], symbols: [] });
});

describe("what cannot be run is refused with the reason", () => {
  test.each([
    ["no ELF file", () => new TextEncoder().encode("just some text that is long enough to be a header of an ELF file")],
    ["no ELF file", () => header().subarray(0, 40)],
    ["not for a 32-bit", () => header((file) => file.setUint8(4, 2))],
    ["not for a 32-bit", () => header((file) => file.setUint8(5, 2))],
    ["not for RISC-V", () => header((file) => file.setUint16(18, 40, true))],
    ["not linked", () => header((file) => file.setUint16(16, 1, true))],
    ["ends too early", () => header((file) => (file.setUint32(28, 52, true), file.setUint16(42, 32, true), file.setUint16(44, 1, true)))],
    ["ends too early", () => header((file) => (file.setUint32(32, 4000, true), file.setUint16(46, 40, true), file.setUint16(48, 2, true)))],
  ])("it is %s", (reason, bytes) => {
    expect(() => loadElf(bytes(), "model.elf")).toThrow(new RegExp(`^model.elf cannot be run: it .*${reason}`));
  });
});

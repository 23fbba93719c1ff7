import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText } from "./text.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return bytes;
};

describe("text in bytes", () => {
  test("every well-formed text comes back from UTF-8 and from marked UTF-16", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        expect(decodeText(utf8(`#${text}`))).toEqual({ text: `#${text}` });
        for (const littleEndian of [true, false]) expect(decodeText(utf16(`\uFEFF${text}`, littleEndian))).toEqual({ text });
      }),
    );
  });

  test("a byte order mark of UTF-8 is no part of the text", () => {
    expect(decodeText(utf8("\uFEFFmodel"))).toEqual({ text: "model" });
  });

  test("a line that is not UTF-8 is named and shown as it was meant", () => {
    const bytes = Uint8Array.from([...utf8("ax,label\n1,schüttel\n2,gr"), 0xfc, 0xdf, ...utf8("e\n")]);
    expect(decodeText(bytes)).toMatchObject({ problem: "line 3 is not UTF-8: it would be `2,grüße` in Windows-1252" });
  });

  test("workbooks and other bytes that are not text are called so, and not shown", () => {
    for (const start of [
      [0x50, 0x4b, 3, 4],
      [0xd0, 0xcf, 0x11, 0xe0],
    ]) {
      expect(decodeText(Uint8Array.of(...start, 0x14, 0, 6, 0xff))).toMatchObject({
        problem: expect.stringMatching(/^it is a workbook/) as string,
        remedy: expect.stringMatching(/CSV UTF-8/) as string,
      });
    }
    expect(decodeText(Uint8Array.of(0x61, 0x62, 0x63, 0x64, 0, 0xff))).toMatchObject({ problem: "it is not text: it holds bytes of 0" });
  });

  test("UTF-16 without a mark, and cut in the middle of a character, is refused", () => {
    expect(decodeText(utf16("label", true))).toMatchObject({ problem: expect.stringMatching(/UTF-16 without/) as string });
    expect(decodeText(utf16("\uFEFFlabel", true).subarray(0, 5))).toMatchObject({
      problem: expect.stringMatching(/UTF-16LE, but it is damaged/) as string,
    });
  });

  test("memory that threads share is read like any other", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set(utf8("abc"));
    expect(decodeText(shared)).toEqual({ text: "abc" });
  });
});

/** Text that bytes hold, or why they hold none and what would help. */
export type DecodedText = { readonly text: string } | { readonly problem: string; readonly remedy: string };

/** How files begin that people take for tables, since a spreadsheet program opens them as such. */
const workbooks: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** V8's longest string: 512 MiB less 24 code units. */
const longestString = 0x1fffffe8;

/**
 * Decodes UTF-8, or UTF-16 where a byte order mark says so (Unicode 15, 23.8), and never replaces what it cannot read:
 * a replacement character would merge names, and be written back.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = markedEncoding(bytes);
  if (workbooks.some((start) => start.every((byte, i) => bytes[i] === byte))) {
    return { problem: "it is a workbook of a spreadsheet program, or an archive", remedy: 'save the sheet as "CSV UTF-8"' };
  }
  if (bytes.length > longestString) {
    return {
      problem: `it holds ${Math.ceil(bytes.length / 2 ** 20)} MiB, and text is read up to 512 MiB`,
      remedy: "split it into several files",
    };
  }
  if (encoding === undefined) {
    return { problem: "every other byte is 0, as in UTF-16 without a byte order mark", remedy: "save it as UTF-8" };
  }
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return encoding === "utf-8"
      ? invalidUtf8(bytes)
      : { problem: `its byte order mark says ${encoding.toUpperCase()}, but it is damaged`, remedy: "copy it again, or save it as UTF-8" };
  }
}

/** The encoding that a byte order mark names, UTF-8 without one; undefined for what can only be UTF-16 that lacks one. */
function markedEncoding([first, second, third, fourth]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const [even, odd] = [first === 0 && third === 0, second === 0 && fourth === 0];
  return even !== odd ? undefined : "utf-8";
}

/** No sequence of UTF-8 crosses a line feed, so that lines are decoded one by one until one fails. */
function invalidUtf8(bytes: Uint8Array): DecodedText {
  if (bytes.includes(0)) return { problem: "it is not text: it holds bytes of 0", remedy: "name a file of text" };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const content = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      decoder.decode(content);
    } catch {
      return {
        problem: `line ${line} is not UTF-8: ${windowsText(content)}`,
        remedy: 'save it as UTF-8 (Windows programs call it "CSV UTF-8" or "Encoding: UTF-8")',
      };
    }
    if (end < 0) break;
    start = end + 1;
  }
  return { problem: "it is not UTF-8", remedy: "save it as UTF-8" };
}

/** What a line would say in Windows-1252, the usual other encoding, for the reader to recognise; cut where it is long. */
const windowsText = (line: Uint8Array): string => {
  const first = line.findIndex((byte) => byte >= 0x80);
  const text = new TextDecoder("windows-1252").decode(line.slice(Math.max(0, first - 20), first + 20));
  return `it would be \`${text.trim()}\` in Windows-1252`;
};

/** An unsigned hexadecimal number: `0x20000400`. */
export const hex = (value: number, digits = 1): string => `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;

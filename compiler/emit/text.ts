import type { Table } from "../kernels/contract.js";

const valuesPerLine = 8;

/** The initialiser of a constant array: eight values a line, aligned; words of bits in hexadecimal. */
export function tableLines({ element, values }: Table): readonly string[] {
  const texts = values.map(/^uint(16|32)_t$/.test(element) ? hexadecimal(element) : String);
  const width = Math.max(...texts.map((text) => text.length));
  return Array.from({ length: Math.ceil(texts.length / valuesPerLine) }, (_, line) =>
    texts
      .slice(line * valuesPerLine, (line + 1) * valuesPerLine)
      .map((text) => `${text.padStart(width)},`)
      .join(" "),
  );
}

function hexadecimal(element: Table["element"]): (value: number) => string {
  const digits = Number(/\d+/.exec(element)![0]) / 4;
  return (value) => `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`;
}

/** Text from outside, safe inside a C comment in one line: nothing that ends it, opens another, joins lines or reverses what is read. */
export const commentSafe = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, " ")
    .replace(/\*(?=\/)/g, "* ")
    .replace(/\/(?=\*)/g, "/ ")
    .replace(/\?(?=\?)/g, "? ")
    .replace(/\\$/, "\\ .");

import type { Packing } from "./quantizer.js";

/** How many codes one word holds. */
export const codesPerWord = (packing: Packing): number =>
  packing.kind === "bits" ? Math.floor(packing.word / packing.width) : packing.count;

/** Words that a row of `columns` codes takes; rows never share a word. */
export const wordsPerRow = (packing: Packing, columns: number): number => Math.ceil(columns / codesPerWord(packing));

/** Bytes of flash that `rows` rows of `columns` codes take. */
export const packedBytes = (packing: Packing, rows: number, columns: number): number =>
  (rows * wordsPerRow(packing, columns) * packing.word) / 8;

/** Packs one row; codes missing in the last word are `filler`. Words are unsigned. */
export function packRow(packing: Packing, codes: Uint8Array, filler: number): number[] {
  const perWord = codesPerWord(packing);
  return Array.from({ length: wordsPerRow(packing, codes.length) }, (_, word) => {
    const group = Array.from({ length: perWord }, (_, i) => codes[word * perWord + i] ?? filler);
    return packing.kind === "bits" ? packBits(group, packing.width) : packDigits(group, packing);
  });
}

/** First code in the low bits: its bits are tested with small constants, the next code comes with one shift. */
const packBits = (codes: readonly number[], width: number): number => codes.reduce((bits, code, i) => bits + code * 2 ** (width * i), 0);

/** The digits as a fraction of 2^word, rounded up so that truncating multiplications give every digit back. */
function packDigits(codes: readonly number[], packing: Extract<Packing, { kind: "digits" }>): number {
  const value = codes.reduce((sum, digit) => sum * packing.base + digit, 0);
  return Math.ceil((value * 2 ** packing.word) / packing.base ** packing.count);
}

/** The inverse of `packRow`, without the fillers. */
export function unpackRow(packing: Packing, words: readonly number[], columns: number): Uint8Array {
  const perWord = codesPerWord(packing);
  return Uint8Array.from({ length: columns }, (_, i) => {
    const word = words[Math.floor(i / perWord)]!;
    const place = i % perWord;
    if (packing.kind === "bits") return Math.floor(word / 2 ** (packing.width * place)) % 2 ** packing.width;
    return digitOf(word, place, packing);
  });
}

function digitOf(word: number, place: number, packing: Extract<Packing, { kind: "digits" }>): number {
  let fraction = word;
  for (let i = 0; ; i++) {
    const product = fraction * packing.base;
    if (i === place) return Math.floor(product / 2 ** packing.word);
    fraction = product % 2 ** packing.word;
  }
}

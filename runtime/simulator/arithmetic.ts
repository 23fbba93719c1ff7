/** The upper 32 of 64 bits of products, put together from 16-bit halves: exact where doubles are not. */
export function highUnsigned(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}

/** A negative factor counts 2^32 too much as an unsigned one: the other factor is taken off the upper half. */
export const highSigned = (a: number, b: number): number => (highUnsigned(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0;

/** Signed times unsigned. */
export const highMixed = (a: number, b: number): number => (highUnsigned(a, b) - (a < 0 ? b : 0)) | 0;

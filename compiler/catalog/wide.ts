/** Bits that `relu` takes off sums that stay wide. */
export const wideShift = 4;

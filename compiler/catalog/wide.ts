/** The static right shift of `relu` between layers that read i32 sums. */
export const wideShift = 4;

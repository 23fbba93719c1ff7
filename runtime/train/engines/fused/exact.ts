/** Float32 holds all whole numbers up to here. */
export const mostExact = 2 ** 24;

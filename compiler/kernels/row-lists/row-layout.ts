import { struct } from "../../riscv/index.js";

/**
 * What is known of a row of a map: for each column a record of half-words, where the list of each bit plane stands before it (bytes from
 * `base`), the highest plane first, and the sum of all values before it. One record more follows the last column. The lists hold places
 * of values in the row, a byte each: their column times the channels, and their channel.
 */
export const recordBytes = (planes: number): number => 2 * (planes + 1);

/** Places are bytes. */
export const mostValues = 256;

/** What `list-row` is told of the rows of a map. */
export const listJob = (planes: number) =>
  struct({
    lists: [`uint8_t *[${planes}]`, "where each begins, that of the lowest plane first"],
    base: "uint8_t *",
    columns: "uint32_t",
    words: ["uint32_t", "of nibbles in a pixel"],
    channels: "uint32_t",
    area: ["uint32_t", "bytes from channel to channel"],
  });

/** What `convolve-row` is told of a row of windows. */
export const convolveJob = (rows: number) =>
  struct({
    rows: [`const uint8_t *[${rows}]`, "records of the first window's columns"],
    base: ["const uint8_t *", "of the lists"],
    weights: ["const uint32_t *", "of the first window's values"],
    bias: ["const uint32_t *", "and half of what is shifted out, two a word"],
    odd: ["uint32_t", "bytes to those for windows with an odd sum"],
    out: "uint32_t *",
    columns: ["uint32_t", "of windows"],
    passes: "uint32_t",
    tap: ["uint32_t", "bytes of weights from row to row of a window"],
    column: ["uint32_t", "bytes of weights from window to window"],
    pass: ["uint32_t", "bytes of weights from pass to pass"],
    advance: ["uint32_t", "bytes of records from window to window"],
    ground: ["uint32_t", "32768, less what makes all biases positive"],
    shift: "uint32_t",
    mask: ["uint32_t", "what a shifted sum may be, in both halves"],
  });

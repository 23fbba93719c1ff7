import type { Ones } from "../../ir/types.js";
import type { Item, RegisterName } from "../../riscv/index.js";
import { and, or, slli, srli, sub, xor } from "../../riscv/instructions.js";

/** Registers that it changes: which fields have one set bit above a plane, and which two, and those of the plane. */
export type Scratch = readonly [one: RegisterName, two: RegisterName, bit: RegisterName];

/**
 * Keeps the highest set bits of all fields of a word (SWAR), each of so many bits, plane by plane from the highest on; `lowest` has the lowest
 * bit of every field.
 */
export function keepHighestOnes(word: RegisterName, lowest: RegisterName, [one, two, bit]: Scratch, bits: number, ones: Ones): Item {
  const full = ones === 1 ? one : two;
  return Array.from({ length: bits }, (_, at) => {
    const plane = bits - 1 - at;
    const spent = plane === 0 ? full : bit;
    return [at >= ones && [plane > 0 && slli(bit, full, plane), or(word, word, spent), sub(word, word, spent)], plane > 0 && count(at)];
    function count(place: number): Item {
      const set = place === 0 ? one : bit;
      return [
        [srli(set, word, plane), and(set, set, lowest)],
        place === 1 && ones === 2 && and(two, one, bit),
        place > 0 && (place === 1 || ones === 1) && or(one, one, bit),
        // What both have is what their union has and their difference has not.
        place > 1 && ones === 2 && [xor(bit, one, bit), or(one, one, bit), xor(bit, bit, one), or(two, two, bit)],
      ];
    }
  });
}

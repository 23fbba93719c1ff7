/**
 * Seeded random numbers: Chris Doty-Humphrey's sfc32, which passes PractRand. Every stream is named by its key,
 * such as (seed, "augment", epoch), so that epoch 7 draws the same numbers whether or not the run was resumed.
 */
export interface Random {
  /** The next 32 random bits, as an unsigned integer. */
  bits(): number;
  /** Fills an array with what `bits` gives, many times as fast. */
  fill(words: Uint32Array): void;
  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  /** Standard normal. */
  normal(): number;
}

export function random(...key: readonly (number | string)[]): Random {
  const state = Int32Array.from(mix(key.join("\u0000")));
  const one = new Uint32Array(1);
  advance(state, new Uint32Array(15));
  const bits = (): number => {
    advance(state, one);
    return one[0]!;
  };
  const uniform = (): number => bits() / 2 ** 32;
  return {
    bits,
    fill: (words) => advance(state, words),
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    below: (count) => Math.floor(uniform() * count),
    normal: () => normalOf(bits(), bits()),
  };
}

/** A standard normal number of random bits, by Box-Muller; 1 - uniform keeps the logarithm finite. */
export const normalOf = (first: number, second: number): number =>
  Math.sqrt(-2 * Math.log(1 - first / 2 ** 32)) * Math.cos(2 * Math.PI * (second / 2 ** 32));

/** Fills `words` with the next random bits: in one go, while the state is in registers. */
function advance(state: Int32Array, words: Uint32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let counter = state[3]!;
  for (let i = 0; i < words.length; i++) {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    words[i] = result;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}

/** A permutation of 0 … count-1 (Fisher-Yates). */
export function permutation(count: number, source: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = source.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Four 32-bit words from a text: FNV-1a with four offsets, finalised as in MurmurHash3. */
function mix(text: string): [number, number, number, number] {
  const word = (offset: number): number => {
    let hash = 0x811c9dc5 ^ offset;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  };
  return [word(0), word(0x9e3779b9), word(0x243f6a88), word(0xb7e15162)];
}

/** The numbers of the WebAssembly binary format: little-endian base 128, seven bits a byte. */

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** Of 32 bits, in two's complement. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    // The sign bit of the last byte says how the bits above go on.
    if (rest >= -64 && rest < 64) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

export const float32 = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
export const float64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

/** Bytes one after the other. Loops that push are what engines are quick at: modules have a hundred thousand bytes. */
export function joined(...parts: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) all.push(part[i]!);
  return all;
}

/** A count, then the items. */
export const vector = (items: readonly (readonly number[])[]): number[] => joined(unsigned(items.length), ...items);

export const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};

/** A part of a module: its number, its size, its content. */
export const section = (id: number, content: readonly number[]): number[] => joined([id], unsigned(content.length), content);

/**
 * The wire format of protocol buffers, for writing: a message is its fields in a row, each a number and a value. Fields
 * are ints (varint), texts, bytes or messages (with their length first).
 */
export type Field = readonly [number: number, value: number | string | Uint8Array];

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** The bytes of a message with the fields in the order that is given. */
export function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]): (readonly number[] | Uint8Array)[] => {
    if (typeof value === "number") return [varint(number * 8 + VARINT), varint(value)];
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes];
  });
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** One field for each value: how lists are written. */
export const repeated = (number: number, values: readonly (number | string | Uint8Array)[]): readonly Field[] =>
  values.map((value) => [number, value]);

/** Seven bits to a byte, the lowest first; for whole numbers that are not negative. */
function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

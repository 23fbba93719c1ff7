import { type Address, at } from "./program.js";
import type { Register } from "./registers.js";

/** A field of a C struct: its type, which may be an array's (`uint32_t[4]`), and what a comment says of it. */
export type Field = string | readonly [type: string, note: string];

/** A C struct of the ilp32 ABIs: as C declares it, and where its fields are for assembly. */
export interface Struct<N extends string> {
  readonly bytes: number;
  readonly offsets: Readonly<Record<N, number>>;
  /** The fields of one that a register points to, `above` so many bytes. */
  readonly at: (base: Register, above?: number) => Readonly<Record<N, Address>>;
  /** Members as lines of C, without indentation. */
  readonly members: readonly string[];
  /** Offsets and names in one line, for a comment. */
  readonly legend: string;
}

/** Lays out fields in their order, each at a multiple of its size. */
export function struct<const N extends string>(fields: Readonly<Record<N, Field>>): Struct<N> {
  const entries = Object.entries<Field>(fields) as [N, Field][];
  const offsets = {} as Record<N, number>;
  let end = 0;
  let widest = 1;
  for (const [name, field] of entries) {
    const { size, count } = shapeOf(field);
    offsets[name] = Math.ceil(end / size) * size;
    end = offsets[name] + size * count;
    widest = Math.max(widest, size);
  }
  return {
    bytes: Math.ceil(end / widest) * widest,
    offsets,
    at: (base, above = 0) => Object.fromEntries(entries.map(([name]) => [name, at(base, offsets[name] + above)])) as Record<N, Address>,
    members: entries.map(([name, field]) => member(name, field)),
    legend: entries.map(([name]) => `${offsets[name]} ${name}`).join("    "),
  };
}

/** Words one after the other, such as the slots of a stack frame. */
export const slots = <const N extends string>(...names: readonly N[]): Struct<N> =>
  struct(Object.fromEntries(names.map((name) => [name, "uint32_t"])) as Record<N, Field>);

const typeOf = (field: Field): string => (typeof field === "string" ? field : field[0]);

function shapeOf(field: Field): { readonly size: number; readonly count: number } {
  const [, name, count = "1"] = /^(.*?)(?:\[(\d+)\])?$/.exec(typeOf(field))!;
  const bits = /^u?int(8|16)_t$/.exec(name!)?.[1] ?? "32";
  return { size: Number(bits) / 8, count: Number(count) };
}

function member(name: string, field: Field): string {
  const [, type, array = ""] = /^(.*?)(\[\d+\])?$/.exec(typeOf(field))!;
  const note = typeof field === "string" ? "" : ` /* ${field[1]} */`;
  return `${type}${type!.endsWith("*") ? "" : " "}${name}${array};${note}`;
}

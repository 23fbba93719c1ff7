import type { Datum, Item, Line, Target } from "./program.js";

const noted = (note: string | undefined): { readonly note?: string } => (note === undefined ? {} : { note });

/** Begins the next line at a multiple of so many bytes. */
export const align = (bytes: number, note?: string): Line => ({ kind: "align", bytes, ...noted(note) });

/** The same where lines before run into it: with `c.nop`, which `.balign` does not fill in where nothing is relaxed. */
export const alignWithNops = (bytes: number): Line => ({ kind: "align", bytes, nops: true });

export const bytes = (...values: readonly Datum[]): Line => ({ kind: "data", bytes: 1, values });
export const halves = (...values: readonly Datum[]): Line => ({ kind: "data", bytes: 2, values });
export const word = (value: Datum, note?: string): Line => ({ kind: "data", bytes: 4, values: [value], ...noted(note) });

/** How many bytes lie between two places. */
export const distance = (from: Target, to: Target): Datum => ({ kind: "distance", from, to });

const option = (name: "push" | "pop" | "relax" | "norelax", note?: string): Line => ({ kind: "option", option: name, ...noted(note) });

/** Lines that the linker leaves as long as they are: where their bytes are copied, or counted. */
export const unrelaxed = (...items: readonly Item[]): Item => [option("push"), option("norelax"), items, option("pop")];

/** Among lines that are not relaxed some that are, such as an alignment that the linker is to keep. */
export const relaxed = (note: string, ...items: readonly Item[]): Item => [option("relax", note), items, option("norelax")];

/** Lines that stand behind all others of the section, such as a table. */
export const subsection = (...items: readonly Item[]): Item => [
  { kind: "section", section: "subsection 1" },
  items,
  { kind: "section", section: "previous" },
];

/** Instructions that share a line of text. */
export const together = (...lines: readonly Line[]): Item =>
  lines.map((line, index) => (index === 0 ? line : { ...line, joined: true as const }));

import { functionNames } from "#compiler/emit/emit.js";
import { functionOf, type Plan, runsOf } from "#compiler/ir/plan.js";
import type { Chip } from "#compiler/ir/target.js";
import { type Image, type ImageSymbol, readElf, type Section } from "../simulator/elf.js";
import type { Linked } from "./link.js";
import { type Contribution, readLinkMap } from "./link-map.js";

/** Bytes by what they are: all but `zeroes` lie in flash, the last three in RAM. */
export interface Bytes {
  readonly code: number;
  readonly constants: number;
  /** Code that is copied to RAM and runs there. */
  readonly ramCode: number;
  /** Variables with a value at the start. */
  readonly data: number;
  readonly zeroes: number;
}

/** What one part of a firmware takes. */
export interface Part {
  readonly name: string;
  /** The demo is what a firmware of one's own replaces: main, samples, console. */
  readonly group: "model" | "start-up" | "demo";
  /** The C function of the step, for parts that are steps. */
  readonly routine?: string;
  readonly bytes: Bytes;
}

/** Where every byte of an image went. */
export interface Footprint {
  readonly parts: readonly Part[];
  readonly sections: readonly Section[];
  /** Bytes to program, from the start of flash to the last. */
  readonly flash: number;
  /** Bytes of RAM that are taken while the program runs, without the stack. */
  readonly ram: number;
}

export const flashBytes = ({ code, constants, ramCode, data }: Bytes): number => code + constants + ramCode + data;

export const ramBytes = ({ ramCode, data, zeroes }: Bytes): number => ramCode + data + zeroes;

export const addBytes = (all: readonly Bytes[]): Bytes =>
  all.reduce(
    (a, b) => ({
      code: a.code + b.code,
      constants: a.constants + b.constants,
      ramCode: a.ramCode + b.ramCode,
      data: a.data + b.data,
      zeroes: a.zeroes + b.zeroes,
    }),
    none,
  );

export const totalOf = (parts: readonly Part[]): Bytes => addBytes(parts.map(({ bytes }) => bytes));

const none: Bytes = { code: 0, constants: 0, ramCode: 0, data: 0, zeroes: 0 };

/** Measures an image: exact, from the linker's map and the symbols. */
export function footprintOf({ elf, map }: Linked, plan: Plan, chip: Chip): Footprint {
  const image = readElf(elf);
  const owner = ownersOf(plan);
  const taken = new Map<string, Bytes>();
  for (const contribution of readLinkMap(map)) {
    const kind = kindOf(
      image.sections.find(({ name }) => name === contribution.into),
      chip,
    );
    if (kind === undefined) continue;
    for (const { name, bytes } of piecesOf(contribution, image)) {
      const part = owner(contribution.object, name);
      const before = taken.get(part) ?? none;
      taken.set(part, { ...before, [kind]: before[kind] + bytes });
    }
  }
  const ends = image.segments.filter(({ bytes }) => bytes.length > 0).map(({ physical, bytes }) => physical + bytes.length);
  const inRam = image.sections
    .filter((section) => section.allocated && isRam(section.address, chip))
    .map(({ address, size }) => address + size);
  return {
    parts: partsOf(plan).flatMap((part) => (taken.has(part.name) ? [{ ...part, bytes: taken.get(part.name)! }] : [])),
    sections: image.sections.filter(({ allocated, size }) => allocated && size > 0),
    flash: Math.max(0, ...ends) - chip.flash.address,
    ram: Math.max(chip.ram.address, ...inRam) - chip.ram.address,
  };
}

const isRam = (address: number, { ram }: Chip): boolean => address >= ram.address;

function kindOf(section: Section | undefined, chip: Chip): keyof Bytes | undefined {
  if (section === undefined || !section.allocated) return undefined;
  if (!isRam(section.address, chip)) return section.executable ? "code" : "constants";
  if (!section.stored) return "zeroes";
  return section.executable ? "ramCode" : "data";
}

/** A contribution by symbol; what no symbol covers goes by the name of the section. */
function piecesOf(
  { section, address, bytes }: Contribution,
  { symbols }: Image,
): readonly { readonly name: string; readonly bytes: number }[] {
  const inside = symbols.filter((symbol) => symbol.size > 0 && symbol.address >= address && symbol.address < address + bytes);
  const distinct = inside.filter((symbol, i) => inside.findIndex((other) => other.address === symbol.address) === i);
  const pieces = distinct.map(({ name, size }: ImageSymbol) => ({ name, bytes: size }));
  const rest = bytes - pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  const suffix = section.replace(/^\.[^.]+\.?/, "");
  return rest > 0 ? [...pieces, { name: pieces[0]?.name ?? suffix, bytes: rest }] : pieces;
}

const others = { startup: "start-up", board: "board", main: "main" } as const;
const padding = "alignment";
const buffers = "buffers";

/** Every part that there may be, in the order of the report. */
function partsOf(plan: Plan): readonly Omit<Part, "bytes">[] {
  const steps = stepsByFunction(plan).map(([routine, steps]) => ({ name: steps.join(", "), group: "model" as const, routine }));
  const rest = [plan.entry, buffers].map((name) => ({ name, group: "model" as const }));
  const demo = [others.board, others.main, padding].map((name) => ({ name, group: "demo" as const }));
  const routines = [...functionNames(plan).routines.values()].map((name) => ({ name, group: "model" as const, routine: name }));
  return [...steps, ...routines, ...rest, { name: others.startup, group: "start-up" }, ...demo];
}

/** The C function of each step, or of those that share it, with the steps that it runs. */
function stepsByFunction(plan: Plan): readonly (readonly [string, readonly string[]])[] {
  const runs = runsOf(plan.steps);
  return [...functionNames(plan).steps].map(([id, name]) => [name, runs.filter((run) => functionOf(run) === id).map((run) => run.name)]);
}

/** The part that a symbol of an object file belongs to. */
function ownersOf(plan: Plan): (object: string | undefined, symbol: string) => string {
  const called = [...functionNames(plan).routines.values()].map((name) => [name, [name]] as const);
  const routines = [...stepsByFunction(plan), ...called].toSorted(([a], [b]) => b.length - a.length);
  return (object, symbol) => {
    if (object === undefined) return padding;
    const file = /([^/]+)\.o$/.exec(object)?.[1] ?? "";
    if (object.startsWith("firmware/")) return others[file as keyof typeof others] ?? padding;
    // GCC marks the parts and copies that it makes of functions with a dot.
    const [, steps] = routines.find(([name]) => symbol === name || symbol.startsWith(`${name}.`) || symbol.startsWith(`${name}_`)) ?? [];
    if (steps !== undefined) return steps.join(", ");
    return symbol.startsWith("arena") ? buffers : plan.entry;
  };
}

import type { Image } from "./elf.js";

/** The code of one function: `end` is the first address after it. */
export interface FunctionRange {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The functions of an image by address. Labels of assembly code without type or size count where no function is; they
 * reach to the next symbol or the end of their section.
 */
export function functionsOf(image: Image): readonly FunctionRange[] {
  const code = image.sections.filter(({ allocated, executable }) => allocated && executable);
  const sectionEnd = (address: number): number | undefined =>
    code.map(({ address: start, size }) => ({ start, end: start + size })).find(({ start, end }) => address >= start && address < end)?.end;
  const candidates = image.symbols
    .filter(({ name, kind, address }) => kind !== "object" && !/^[.$]/.test(name) && sectionEnd(address) !== undefined)
    .toSorted((a, b) => a.address - b.address || rank(b.kind) - rank(a.kind) || b.size - a.size);
  const functions: FunctionRange[] = [];
  let end = 0;
  for (const [i, { name, address, size }] of candidates.entries()) {
    if (address < end) continue;
    const next = candidates.find((other, j) => j > i && other.address > address)?.address ?? Infinity;
    end = size > 0 ? address + size : Math.min(next, sectionEnd(address)!);
    functions.push({ name, start: address, end });
  }
  return functions;
}

const rank = (kind: string): number => (kind === "function" ? 1 : 0);

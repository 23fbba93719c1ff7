import { identifier, isReservedInC } from "../ir/c-names.js";

/** What the emitted functions call their own parameters and variables where other functions are called. */
const taken: ReadonlySet<string> = new Set(["input", "logits", "sums", "best", "i", "channels"]);

/** Gives out C identifiers that mean nothing else in the file. */
export interface Names {
  /** The wanted name; with `_layer` when it means something already, with a number when it is given out. */
  claim(wanted: string): string;
}

export function names(reserved: readonly string[]): Names {
  const used = new Set<string>(reserved);
  return {
    claim: (wanted) => {
      const base = identifier(wanted);
      let name = isReservedInC(base) || taken.has(base) ? `${base}_layer` : base;
      for (let count = 2; used.has(name); count++) name = `${base}_${count}`;
      used.add(name);
      return name;
    },
  };
}

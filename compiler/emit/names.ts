import { identifier, isReservedInC } from "../ir/c-names.js";

/** What the emitted functions call their own parameters and variables where other functions are called. */
const taken = ["input", "logits", "sums", "best", "arena", "i"] as const;

/** Gives out C identifiers that mean nothing else in the file. */
export interface Names {
  /** The wanted name when it is free, else that name with `_` and a word or number. */
  claim(wanted: string): string;
}

export function names(reserved: readonly string[]): Names {
  const used = new Set<string>([...taken, ...reserved]);
  const free = (name: string): boolean => !used.has(name) && !isReservedInC(name);
  return {
    claim: (wanted) => {
      const base = identifier(wanted);
      let name = free(base) ? base : `${base}_layer`;
      for (let count = 2; !free(name); count++) name = `${base}_${count}`;
      used.add(name);
      return name;
    },
  };
}

/** `fc_mnist` → `FC_MNIST`: the prefix of macros and constants. */
export const macroPrefix = (model: string): string => identifier(model).toUpperCase();

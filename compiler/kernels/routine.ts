import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Calls, Placement, Routine } from "../ir/routine.js";

interface Stated {
  /** The template's name, unless several routines are made of it. */
  readonly label?: string;
  readonly context?: object;
  readonly calls?: Calls;
  readonly placement?: Placement;
  readonly code: number;
  readonly stack?: number;
}

/** A routine of a template such as `bit-planes/routines/digit-fold`; in flash, unless it says otherwise. */
export function routine(template: string, { label, context = {}, calls = {}, placement = "flash", code, stack }: Stated): Routine {
  const name = label ?? template.slice(template.lastIndexOf("/") + 1).replaceAll("-", "_");
  const callees = Object.entries(calls).map(([role, { key }]) => [role, key]);
  const content = JSON.stringify([template, name, placement, context, callees]);
  const key = bytesToHex(sha256(utf8ToBytes(content))).slice(0, 16);
  return { key, label: name, template, context, calls, placement, code, ...(stack === undefined ? {} : { stack }) };
}

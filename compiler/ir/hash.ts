import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Layer, Network } from "./network.js";
import { showType } from "./types.js";

/**
 * What a network computes, one line per layer in execution order, in a form that only changes with its meaning: names
 * of files and models, documentation and places in the source are left out, attributes are sorted.
 */
export const definitionOf = (network: Network): readonly string[] => [
  ...network.layers.map(definitionOfLayer),
  `result: ${network.result}`,
];

/** SHA-256 of a text, in hex. */
const hashOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** SHA-256 of the definition, in hex: weights belong to the network that has this hash. */
export const networkHash = (network: Network): string => hashOf(definitionOf(network).join("\n"));

/** As much of a hash as tells versions of one thing apart. */
export const shortened = (hash: string): string => hash.slice(0, 16);

/** The short hash of plain data as JSON. */
export const contentHash = (value: unknown): string => shortened(hashOf(JSON.stringify(value)));

/** Settings that are younger than weights files that people have, where they say what was always so: hashes stay as they were. */
const always: Readonly<Record<string, unknown>> = { range: "sample", bias: "no" };

function definitionOfLayer({ id, op, attributes, inputs, type, weights }: Layer): string {
  const told = Object.keys(attributes)
    .filter((name) => attributes[name] !== always[name])
    .sort()
    .map((name) => `${name}: ${canonical(attributes[name])}`);
  const held = weights === undefined ? "" : `, ${weights.quantizer}[${weights.shape.join(", ")}]`;
  const read = inputs.length === 0 ? "" : ` of ${inputs.join(", ")}`;
  return `${id}: ${op}(${told.join(", ")})${read} -> ${showType(type)}${held}`;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}: ${canonical(held)}`).join(", ")}}`;
}

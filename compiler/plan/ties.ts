import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { catalog } from "../catalog/index.js";
import type { Kernel } from "../catalog/kernel.js";
import type { Templates } from "../ir/emission.js";
import { networkHash } from "../ir/hash.js";
import type { Network } from "../ir/network.js";
import type { Target } from "../ir/target.js";
import { bidding } from "./cover.js";
import { scheduleOf } from "./schedule.js";

/** Hashes of what measurements depend on. */
export interface Ties {
  readonly network: string;
  /** Of all that decides what code costs there: core, memories, timing, compiler flags. */
  readonly target: string;
  /** Of the kernels that have a say in the network: their offers, and the C that they and others are made of. */
  readonly kernels: string;
}

export function tiesOf(network: Network, target: Target, templates: Templates): Ties {
  const { core, multiplies, flags, dialects, chip } = target;
  return {
    network: shortened(networkHash(network)),
    target: hashOf([core, multiplies, flags, dialects, chip?.flash, chip?.ram, chip?.timing]),
    kernels: hashOf([...offersOf(network, target), ...templatesOf(network, templates)]),
  };
}

const hashOf = (value: unknown): string => shortened(bytesToHex(sha256(utf8ToBytes(JSON.stringify(value)))));

/** Enough to tell versions of one thing apart. */
const shortened = (hash: string): string => hash.slice(0, 16);

/** Without knowledge of the weights: another training of the network is not another network. */
const offersOf = (network: Network, target: Target): readonly unknown[] =>
  bidding(scheduleOf(network), target).flat().map(({ kernel, layers, offer }) => [kernel.name, layers, offer]);

function templatesOf(network: Network, templates: Templates): readonly unknown[] {
  const kernels = Object.values(catalog.kernels).filter((kernel) => concerns(kernel, network));
  const shared = [...templates].filter(([path]) => path.startsWith("helpers/") || path.startsWith("parts/"));
  return [...kernels.map(({ name }) => [name, templates.get(`kernels/${name}.c.hbs`)]), ...shared];
}

const concerns = ({ serves }: Kernel, { layers }: Network): boolean => serves.some((ops) => ops.every((op) => layers.some((layer) => layer.op === op)));

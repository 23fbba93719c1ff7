import { partialName, type Templates } from "../ir/emission.js";
import { contentHash, networkHash, shortened } from "../ir/hash.js";
import type { Deployment } from "../ir/module.js";
import type { Network } from "../ir/network.js";
import type { Target } from "../ir/target.js";
import type { Routine } from "../ir/routine.js";
import { functionsOf, type Offer } from "../kernels/contract.js";
import { type Bid, bidding } from "./bidding.js";
import { circumstancesOf } from "./plan.js";
import { lower } from "./lower.js";

/** What measured cycles, code and stack depend on, as hashes: where one differs, the measurements are stale. */
export interface Fingerprint {
  readonly network: string;
  /** Of all that decides what code costs there: core, memories, timing, compiler flags. */
  readonly target: string;
  /**
   * Of the kernels that bid for the network as it is deployed: their offers, without the weights, since another training is not
   * another network; and the templates of their C.
   */
  readonly kernels: string;
}

export function fingerprintOf(network: Network, target: Target, templates: Templates, deployment?: Deployment): Fingerprint {
  const { core, multiplies, flags, dialects, chip } = target;
  const bids = bidding(lower(network, circumstancesOf(deployment, {})), target).flat();
  return {
    network: shortened(networkHash(network)),
    target: contentHash([core, multiplies, flags, dialects, chip?.flash, chip?.ram, chip?.timing]),
    kernels: contentHash([
      ...bids.map(({ kernel, layers, offer }) => [kernel.name, layers, described(offer, functionsOf(offer))]),
      ...templatesOf(bids, templates),
    ]),
  };
}

/** An offer, its functions by their contents. */
const described = ({ calls: _, shared, ...offer }: Offer, functions: readonly Routine[]) => [
  offer,
  shared?.arguments,
  functions.map(({ key, code, stack }) => [key, code, stack]),
];

/** The templates that bids are made of, with their partials. */
function templatesOf(bids: readonly Bid[], templates: Templates): readonly unknown[] {
  const paths = bids.flatMap(({ kernel, offer }) => [kernel, ...functionsOf(offer)].map(({ template }) => `${template}.c.hbs`));
  return [...closureOf(new Set(paths), partialsIn(templates), templates)].sort().map((path) => [path, templates.get(path)]);
}

/** Paths of partials by the names that templates know them by. */
const partialsIn = (templates: Templates): ReadonlyMap<string, string> =>
  new Map(
    [...templates.keys()].flatMap((path) => {
      const name = partialName(path);
      return name === undefined ? [] : [[name, path]];
    }),
  );

function closureOf(paths: Set<string>, partials: ReadonlyMap<string, string>, templates: Templates): ReadonlySet<string> {
  for (const path of paths) {
    for (const [, name] of templates.get(path)!.matchAll(/\{\{#?> ?([\w-]+)/g)) {
      const partial = partials.get(name!);
      if (partial !== undefined) paths.add(partial);
    }
  }
  return paths;
}

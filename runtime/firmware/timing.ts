import type { Timed } from "#compiler/catalog/claim.js";
import { catalog } from "#compiler/catalog/index.js";
import { holds } from "#compiler/elaborate/claims.js";
import type { Claim } from "#compiler/ir/module.js";
import type { ClaimResult } from "../evaluate/claims.js";

/** Decides the claims that a simulation can decide. */
export const decideTiming = (claims: readonly Claim[], timed: Timed): readonly ClaimResult[] =>
  claims.flatMap((claim) => {
    const { decision } = catalog.claims[claim.subject.name]!;
    if (decision.by !== "simulation") return [];
    const value = decision.value(timed, claim.subject.arguments);
    return [{ claim, value, holds: holds(claim, value) }];
  });

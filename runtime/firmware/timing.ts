import { catalog } from "#compiler/catalog/index.js";
import { holds } from "#compiler/elaborate/claims.js";
import type { Claim } from "#compiler/ir/module.js";
import type { ClaimResult } from "../evaluate/claims.js";

/** Decides the claims that a simulation can decide; `seconds` is the mean time of one inference. */
export const decideTiming = (claims: readonly Claim[], seconds: number): readonly ClaimResult[] =>
  claims.flatMap((claim) => {
    const { decision } = catalog.claims[claim.subject.name]!;
    if (decision.by !== "simulation") return [];
    const value = decision.value({ seconds }, claim.subject.arguments);
    return [{ claim, value, holds: holds(claim, value) }];
  });

import type { Evaluation } from "#compiler/catalog/claim.js";
import { catalog } from "#compiler/catalog/index.js";
import { holds } from "#compiler/elaborate/claims.js";
import type { Claim } from "#compiler/ir/module.js";

export interface ClaimResult {
  readonly claim: Claim;
  /** In the base unit of the claim's dimension. */
  readonly value: number;
  readonly holds: boolean;
}

/** Decides the claims that an evaluation can decide, in their order; `expect accuracy >= 97%`. */
export const decideClaims = (claims: readonly Claim[], evaluation: Evaluation): readonly ClaimResult[] =>
  claims.flatMap((claim) => {
    const { decision } = catalog.claims[claim.subject.name]!;
    if (decision.by !== "evaluation") return [];
    const value = decision.value(evaluation, claim.subject.arguments);
    return [{ claim, value, holds: holds(claim, value) }];
  });

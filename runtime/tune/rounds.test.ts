import fc from "fast-check";
import { expect, test } from "vitest";
import { networkFrom } from "#compiler/cases/network.js";
import { perceptron } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Network } from "#compiler/ir/network.js";
import { type Bid, bidding } from "#compiler/plan/bidding.js";
import { lower } from "#compiler/plan/lower.js";
import { loadTarget } from "../targets.js";
import { keyOf, promising, roundsOf } from "./rounds.js";

const perceptrons = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...Object.keys(catalog.quantizers))), { minLength: 1, maxLength: 4 })
  .map((layers) => perceptron({ name: "net", input: [8, 8], layers }));

const convolutional = networkFrom(
  "weights: 4bit norm: none input i8[12, 12, 1] -> conv(4) -> relu -> dwconv -> relu -> maxpool(2) -> flatten -> dense(3, norm: rms)",
  "glyphs",
);

/** Maps that may be nibbles on some ways, and vectors that no kernel writes in nibbles. */
const narrow = networkFrom(
  "weights: 4bitsym range: fixed activations: 4bit input u3[12, 12, 1] -> conv(9) -> relu -> maxpool(2) -> conv(8) -> relu -> flatten -> dense(12) -> relu -> dense(3)",
  "narrow",
);

const bidsFor = (network: Network, target: string) => bidding(lower(network, { untrained: true }), loadTarget(target));

test("rounds are whole covers that have every bid, in as few as any layer asks for", () => {
  fc.assert(
    fc.property(
      fc.oneof(perceptrons, fc.constantFrom(convolutional, narrow)),
      fc.constantFrom("ch32v002", "ch32v003"),
      (network, target) => {
        const bids = bidsFor(network, target);
        // A kernel that makes several offers for one job tells them apart by their variants.
        expect(new Set(bids.flat().map(keyOf)).size).toBe(bids.flat().length);
        const rounds = roundsOf(bids, bids.flat());
        expect(new Set(rounds.flat().map(keyOf))).toEqual(new Set(bids.flat().map(keyOf)));
        const layers = lower(network).layers.map(({ id }) => id);
        for (const round of rounds) expect(round.flatMap((bid) => bid.layers)).toEqual(layers);
        if (bids.flat().every((bid) => bid.layers.length === 1)) expect(rounds).toHaveLength(Math.max(...bids.map((some) => some.length)));
      },
    ),
    { numRuns: 30 },
  );
});

test("what is worse in everything by far is not measured, what is better in anything is", () => {
  const [[bid]] = bidsFor(perceptron({ name: "net", input: [16], layers: [[4, "4bitsym"]] }), "ch32v003") as [[Bid]];
  const changed = (cycles: number, code: number): Bid => ({
    ...bid,
    offer: { ...bid.offer, cost: { ...bid.offer.cost, cycles: cycles * bid.offer.cost.cycles, flash: { ...bid.offer.cost.flash, code } } },
  });
  const [best, hopeless, smaller, near] = [changed(1, 500), changed(2, 900), changed(3, 100), changed(1.2, 900)];
  expect(promising([[best, hopeless, smaller, near]])).toEqual([best, smaller, near]);
});

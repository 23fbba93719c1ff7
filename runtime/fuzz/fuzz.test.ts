import { expect, test } from "vitest";
import { allTargets } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { outcomeOf } from "./findings.js";
import { createTally } from "./totals.js";

/** The first trials of `npm run fuzz`, which goes on for as long as one likes. */
const trials = 24;

const lacking = allTargets()
  .filter(({ name }) => ["host", "ch32v003", "ch32v002"].includes(name))
  .some((target) => findCompiler(target) === undefined);

test.skipIf(lacking)(
  "random networks give the reference's sums in every way of running them, and mistakes made on purpose are noticed",
  async () => {
    const tally = createTally();
    for (let seed = 1; seed <= trials; seed++) tally.add(await outcomeOf(seed, { plans: 5, onChip: 1, texts: 10, kill: true }));
    const { findings, networks, plans, inputs, interrupts, texts, mutations, kills } = tally.totals();
    expect(findings.map(({ seed, findings: found, body }) => `seed ${seed}: ${found.join("; ")}\n${body}`)).toEqual([]);
    expect(networks).toBeGreaterThan(trials / 2);
    expect(plans).toBeGreaterThan(3 * networks);
    for (const [executor, count] of Object.entries(inputs)) expect(count, executor).toBeGreaterThan(20);
    expect(interrupts).toBeGreaterThan(10_000);
    expect(texts).toBeGreaterThan(100);
    // Many mistakes change nothing that can be seen: weights of units that do not exist, sums that rescaling swallows or that saturate.
    expect(mutations).toBeGreaterThan(10);
    expect(kills / mutations).toBeGreaterThan(0.3);
  },
);

import type { Finding, Outcome } from "./findings.js";
import { type Executor, executors } from "./trial.js";

/** What a run came to. */
export interface Totals {
  readonly seeds: number;
  readonly networks: number;
  /** What the language refused. */
  readonly refused: number;
  readonly plans: number;
  /** Different ways of different kernels. */
  readonly offers: number;
  /** Inputs whose sums were compared with the reference's, by what ran them. */
  readonly inputs: Readonly<Record<Executor, number>>;
  readonly interrupts: number;
  readonly texts: number;
  /** Mistakes made on purpose in emitted C that compiles, and how many of them were noticed. */
  readonly mutations: number;
  readonly kills: number;
  readonly findings: readonly Finding[];
}

/** Adds outcomes up. */
export interface Tally {
  readonly add: (outcome: Outcome) => void;
  readonly totals: () => Totals;
}

/** A tally of nothing yet. */
export function createTally(): Tally {
  const inputs: Record<Executor, number> = { host: 0, chip: 0, fused: 0, tfjs: 0, onnx: 0 };
  const [offers, findings] = [new Set<string>(), [] as Finding[]];
  let [seeds, networks, plans, interrupts, texts, mutations, kills] = [0, 0, 0, 0, 0, 0, 0];
  const add = ({ trial, finding }: Outcome): void => {
    seeds++;
    if (finding !== undefined) findings.push(finding);
    if (trial === undefined) return;
    networks++;
    plans += trial.plans;
    interrupts += trial.interrupts;
    texts += trial.texts;
    for (const executor of executors) inputs[executor] += trial.compared[executor];
    for (const offer of trial.forced.keys()) offers.add(offer);
    if (trial.kill !== undefined && trial.kill.outcome !== "stillborn") mutations++;
    if (trial.kill?.outcome === "killed") kills++;
  };
  return {
    add,
    totals: () => ({
      seeds,
      networks,
      refused: seeds - networks,
      plans,
      offers: offers.size,
      inputs,
      interrupts,
      texts,
      mutations,
      kills,
      findings,
    }),
  };
}

const count = (value: number): string => value.toLocaleString("en");

/** The figures as people read them. */
export function totalsText({ networks, refused, plans, offers, inputs, interrupts, texts, mutations, kills, findings }: Totals): string {
  return [
    `${count(networks)} networks (${count(refused)} more were refused), ${count(plans)} plans of ${count(offers)} different offers`,
    `inputs: ${executors.map((executor) => `${executor} ${count(inputs[executor])}`).join(", ")}`,
    `${count(interrupts)} interrupts, ${count(texts)} mutated texts, ${count(kills)} of ${count(mutations)} mistakes made on purpose noticed`,
    `${count(findings.length)} failures`,
  ].join("\n");
}

import { setImmediate as turn } from "node:timers/promises";
import type { Deployment } from "#compiler/ir/module.js";
import type { Occupancies } from "#compiler/ir/occupancy.js";
import { type Cost, flashOf, type Plan, ramOf, runsOf } from "#compiler/ir/plan.js";
import { type Budget, budgetsOf, limitOf, overruns } from "#compiler/plan/budget.js";
import { type Bid, bidding, type Bids } from "#compiler/plan/bidding.js";
import { bidsOf, covering } from "#compiler/plan/cover.js";
import { layOut } from "#compiler/plan/layout.js";
import { circumstancesOf } from "#compiler/plan/plan.js";
import { type Lowered, lower } from "#compiler/plan/lower.js";
import { type Chosen, measuredBids, type MeasuredOffer, type Objective, objectives, offerKey } from "#compiler/plan/tuning.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { imageCost, judge, modelCost } from "../firmware/measured.js";
import { type Bench, firmwareOf, measuredSteps, roomy, timed } from "./bench.js";
import { keyOf, promising, roundsOf } from "./rounds.js";

/** What is to be tuned. */
export interface TuneJob extends Bench {
  /** The plan that the estimates choose. */
  readonly estimated: Plan;
  readonly deployment: Deployment | undefined;
  readonly objective: Objective;
  readonly occupancies?: Occupancies | undefined;
  /** What was measured before under the same conditions. */
  readonly known: readonly MeasuredOffer[];
}

/** One build of several, and what it gave: offers that were not known before, beside all that are known now. */
export type TuneEvent =
  | {
      readonly kind: "offers";
      readonly done: number;
      readonly total: number;
      readonly fresh: readonly MeasuredOffer[];
      readonly offers: readonly MeasuredOffer[];
    }
  | { readonly kind: "whole"; readonly done: number; readonly total: number; readonly whole: Whole };

/** A whole plan, linked for the chip itself. */
export interface Whole {
  readonly plan: Plan;
  readonly cost: Cost;
  /** The same for the whole image that measures it. */
  readonly image: Cost;
  /** It keeps the budgets of its deployment and of the chip. */
  readonly fits: boolean;
}

export interface Tuned {
  /** All that is known of offers. */
  readonly offers: readonly MeasuredOffer[];
  readonly wholes: readonly Whole[];
  /** Undefined when it was broken off, or nothing fits. */
  readonly chosen: Chosen | undefined;
}

/** How many whole plans that fit are compared, and how many are built for that at most. */
const [finalists, attempts] = [4, 12];

/**
 * Measures the promising offers of every kernel, several in one build, then builds the plans that are best by these
 * figures and keeps the best of them that fits. Broken off by the signal between two builds.
 */
export async function tune(job: TuneJob, report: (event: TuneEvent) => void, signal: AbortSignal): Promise<Tuned> {
  const { network, estimated, objective } = job;
  const lowered = lower(
    network,
    circumstancesOf(job.deployment, { levels: quantizeWeights(network, job.weights), occupancies: job.occupancies }),
  );
  const bids = bidding(lowered, estimated.target);
  const offers = await measureOffers(job, lowered, bids, report, signal);
  await turn();
  if (signal.aborted) return { offers, wholes: [], chosen: undefined };
  const wholes = await buildWholes(job, lowered, measuredBids(bids, offers), report, signal);
  const [best] = wholes.filter(({ fits }) => fits).sort(better(objective));
  return {
    offers,
    wholes,
    chosen: signal.aborted || best === undefined ? undefined : { choices: runsOf(best.plan.steps), cost: best.cost },
  };
}

async function measureOffers(
  job: TuneJob,
  lowered: Lowered,
  bids: Bids,
  report: (event: TuneEvent) => void,
  signal: AbortSignal,
): Promise<readonly MeasuredOffer[]> {
  const { network, estimated, known } = job;
  const offers = new Map(known.map((offer) => [offerKey(offer), offer]));
  const rounds = roundsOf(
    bids,
    promising(bids).filter((bid) => !offers.has(keyOf(bid))),
  );
  const order = { network, target: roomy(estimated.target), entry: estimated.entry };
  for (const [index, round] of rounds.entries()) {
    await turn();
    if (signal.aborted) break;
    const firmware = firmwareOf(layOut(order, lowered, round, bids), job);
    const measured = measuredSteps(firmware, timed(firmware, job));
    const fresh = measured.filter((offer) => !offers.has(offerKey(offer)));
    for (const offer of fresh) offers.set(offerKey(offer), offer);
    report({ kind: "offers", done: index + 1, total: rounds.length, fresh, offers: [...offers.values()] });
  }
  return [...offers.values()];
}

/** The estimates' plan first, so that nothing worse is chosen; then those that are best by what was measured. */
async function buildWholes(
  job: TuneJob,
  lowered: Lowered,
  bids: Bids,
  report: (event: TuneEvent) => void,
  signal: AbortSignal,
): Promise<readonly Whole[]> {
  const { network, estimated, objective, deployment } = job;
  const { target, entry } = estimated;
  const budgets = budgetsOf(network, target, deployment);
  const baseline = layOut({ network, target, entry }, lowered, sameBids(estimated, bids), bids);
  const first = built(baseline, job);
  const wholes = [first];
  // What start-up code, alignment and the rest of the image add to a plan is much the same for all.
  const left = budgets.map((budget): Budget => ({
    ...budget,
    bound: budget.bound - addedTo(baseline, budget.ofChip ? first.image : first.cost, budget.memory) + slack,
  }));
  const { covers } = covering(lowered, bids, { flash: limitOf("flash", left), ram: limitOf("ram", left) }, breadth);
  const waiting = covers
    .map((cover) => layOut({ network, target, entry }, lowered, bidsOf(cover), bids))
    .filter((plan) => namesOf(plan) !== namesOf(baseline) && overruns(plan, left).length === 0)
    .sort(better(objective));
  const total = 1 + Math.min(finalists, waiting.length);
  report({ kind: "whole", done: 1, total, whole: first });
  for (const plan of waiting.slice(0, attempts)) {
    await turn();
    const fitting = wholes.filter(({ fits }) => fits);
    const hopeless = fitting.some(({ cost }) => figureOf(objective, plan.cost) > figureOf(objective, cost) * doubt);
    if (signal.aborted || hopeless || fitting.length > finalists) break;
    const whole = built(plan, job);
    wholes.push(whole);
    report({ kind: "whole", done: wholes.length, total: Math.max(total, wholes.length), whole });
  }
  return wholes;
}

/** Width of the beam of covers: large, since few of them may fit a full chip. */
const breadth = 600;

/** How much better than the sum of its parts a whole plan is at most. */
const doubt = 1.1;

/** Bytes by which sums of parts may be above the whole. */
const slack = 64;

const addedTo = ({ cost }: Plan, whole: Cost, memory: "flash" | "ram"): number => figureOf(memory, whole) - figureOf(memory, cost);

const sameBids = ({ steps }: Plan, bids: Bids): readonly Bid[] => {
  const wanted = new Set(runsOf(steps).map(offerKey));
  return bids.flatMap((some) => some.filter((bid) => wanted.has(keyOf(bid))));
};

const namesOf = ({ steps }: Plan): string => runsOf(steps).map(offerKey).join();

function built(plan: Plan, job: TuneJob): Whole {
  const firmware = firmwareOf(plan, job);
  const [cost, image] = [modelCost(firmware), imageCost(firmware)];
  if (hasErrors(judge(firmware, job.deployment))) return { plan, cost, image, fits: false };
  const { cycles } = timed(firmware, job);
  return { plan, image, cost: { ...cost, cycles: cycles.reduce((sum, each) => sum + each, 0) / cycles.length }, fits: true };
}

const figureOf = (objective: Objective, cost: Cost): number =>
  objective === "flash" ? flashOf(cost) : objective === "ram" ? ramOf(cost) : cost.cycles;

/** The one with less of what counts comes first; among equals the faster one, then the smaller one. */
const better =
  (objective: Objective) =>
  (a: Pick<Whole, "cost">, b: Pick<Whole, "cost">): number => {
    const figures = ({ cost }: Pick<Whole, "cost">): readonly number[] => [objective, ...objectives].map((each) => figureOf(each, cost));
    const [first, second] = [figures(a), figures(b)];
    return first.map((figure, i) => figure - second[i]!).find((difference) => difference !== 0) ?? 0;
  };

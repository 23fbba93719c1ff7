import { type Cost, flashOf, type Plan, ramOf, type Rejected, type Run, runsOf, showKernel } from "#compiler/ir/plan.js";
import { table } from "#compiler/ir/print.js";
import { showCount } from "#compiler/ir/show.js";
import { type MeasuredOffer, offerKey, stepKey } from "#compiler/plan/tuning.js";
import type { TuneJob, Tuned, Whole } from "./tune.js";

/** What was measured of each offer beside what was estimated, then the whole plans. */
export function tuneReport({ estimated, objective, samples }: TuneJob, { offers, wholes, chosen }: Tuned): string {
  const estimates = estimatesOf(runsOf(estimated.steps));
  const usedIn = wholes.map(({ plan }) => new Set(runsOf(plan.steps).map(offerKey)));
  const rows = offers
    .toSorted((a, b) => orderOf(a, estimated) - orderOf(b, estimated) || a.cycles - b.cycles)
    .map((offer) => {
      const estimate = estimates.get(offerKey(offer));
      const plans = usedIn.flatMap((used, i) => (used.has(offerKey(offer)) ? [i + 1] : []));
      return [
        stepKey(offer.layers),
        showKernel(offer),
        showCount(offer.cycles),
        estimate === undefined ? "-" : showCount(estimate.cycles),
        showCount(offer.code),
        showCount(offer.stack),
        plans.join(" "),
      ];
    });
  return [
    `${estimated.network.name} on ${estimated.target.name}, ${samples.count} samples: ${aims[objective]}`,
    table([["step", "kernel", "cycles", "estimated", "code", "stack", "in plans"], ...rows]).trimEnd(),
    table([["plan", "cycles", "flash", "RAM", ""], ...wholes.map((whole, i) => wholeRow(whole, i, chosen?.cost))]).trimEnd(),
  ].join("\n\n");
}

const aims = { cycles: "the fewest cycles", flash: "the least flash", ram: "the least RAM" } as const;

const wholeRow = ({ cost, fits }: Whole, index: number, chosen: Cost | undefined): readonly string[] => [
  index === 0 ? "1, by estimate" : String(index + 1),
  fits ? showCount(cost.cycles) : "-",
  showCount(flashOf(cost)),
  showCount(ramOf(cost)),
  fits ? (cost === chosen ? "chosen" : "") : "does not fit",
];

const orderOf = ({ layers }: MeasuredOffer, { network }: Plan): number => network.layers.findIndex(({ id }) => id === layers[0]);

function estimatesOf(runs: readonly Run[]): ReadonlyMap<string, Cost> {
  const all = runs.flatMap((run) =>
    [run, ...run.rejected].map((offer: Rejected) => [offerKey({ ...offer, layers: run.layers }), offer.cost] as const),
  );
  return new Map(all);
}

/** The same as plain data. */
export const tuneData = ({ estimated, objective, samples }: TuneJob, { offers, wholes, chosen }: Tuned): unknown => ({
  model: estimated.network.name,
  target: estimated.target.name,
  objective,
  samples: samples.count,
  offers,
  wholes: wholes.map(({ plan, cost, fits }) => ({
    kernels: runsOf(plan.steps).map(({ layers, kernel, variant }) => ({ layers, kernel, variant })),
    flash: flashOf(cost),
    ram: ramOf(cost),
    ...(fits ? { cycles: cost.cycles } : {}),
    fits,
  })),
  chosen: chosen?.choices.map(({ layers, kernel, variant }) => ({ layers, kernel, variant })),
});

import { describe, expect, test } from "vitest";
import { flashOf, type Plan } from "#compiler/ir/plan.js";
import { bidding } from "#compiler/plan/bidding.js";
import { circumstancesOf } from "#compiler/plan/plan.js";
import { lower } from "#compiler/plan/lower.js";
import { offerKey } from "#compiler/plan/tuning.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { smallFirmware } from "../firmware/testing/small-firmware.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";
import { keyOf, promising } from "./rounds.js";
import { tuneData, tuneReport } from "./report.js";
import { tune, type TuneEvent, type TuneJob } from "./tune.js";

const target = loadTarget("ch32v003");
const { subject } = smallFirmware(target, {
  shape: {
    name: "net",
    input: [8, 8],
    layers: [
      [12, "2bitsym"],
      [5, "4bitsym"],
    ],
  },
});
const { weights, templates, inputs, count } = subject;
const { network } = subject.plan;
const nowhere = { source: { path: "net.bnm", text: "" }, start: 0, end: 0 };

const job: TuneJob = {
  network,
  weights,
  templates,
  samples: { inputs, count },
  estimated: subject.plan,
  deployment: undefined,
  objective: "cycles",
  known: [],
};
const running = new AbortController().signal;

async function events(changed: Partial<TuneJob>, signal = running) {
  const seen: TuneEvent[] = [];
  const tuned = await tune({ ...job, ...changed }, (event) => seen.push(event), signal);
  return { seen, tuned };
}

async function oneBuild(known: TuneJob["known"]) {
  const stop = new AbortController();
  const seen: TuneEvent[] = [];
  const tuned = await tune({ ...job, known }, (event) => (seen.push(event), stop.abort()), stop.signal);
  expect(seen).toHaveLength(1);
  return [seen[0]!, tuned] as const;
}

describe.skipIf(findCompiler(target) === undefined)("tuning", () => {
  const usual = events({});

  test("measures every promising offer, and never chooses worse than the estimates", async () => {
    const { seen, tuned } = await usual;
    const offered = promising(
      bidding(lower(network, circumstancesOf(undefined, { levels: quantizeWeights(network, weights) })), target),
    ).map(keyOf);
    expect(tuned.offers.map(offerKey)).toEqual(expect.arrayContaining(offered));
    for (const offer of tuned.offers) expect(Math.min(offer.cycles, offer.code)).toBeGreaterThan(0);
    const [byEstimate] = tuned.wholes;
    expect(tuned.chosen!.cost.cycles).toBeLessThanOrEqual(byEstimate!.cost.cycles);
    expect(tuned.chosen!.cost.cycles).toBe(Math.min(...tuned.wholes.filter(({ fits }) => fits).map(({ cost }) => cost.cycles)));
    // Several offers are measured in each build.
    expect(seen.filter(({ kind }) => kind === "offers").length).toBeLessThan(tuned.offers.length);
    expect(tuneReport(job, tuned)).toMatch(/by estimate/);
    expect(JSON.parse(JSON.stringify(tuneData(job, tuned)))).toMatchObject({ objective: "cycles", samples: count });
  });

  test("for flash gives no more flash", async () => {
    const fast = await usual;
    const small = await events({ objective: "flash", known: fast.tuned.offers });
    expect(flashOf(small.tuned.chosen!.cost)).toBeLessThanOrEqual(flashOf(fast.tuned.chosen!.cost));
    expect(flashOf(small.tuned.chosen!.cost)).toBe(Math.min(...small.tuned.wholes.map(({ cost }) => flashOf(cost))));
  });

  test("goes on with what is known, and stops between two builds", async () => {
    const [first, stopped] = await oneBuild([]);
    expect(stopped).toMatchObject({ chosen: undefined, wholes: [] });
    const [second, later] = await oneBuild(stopped.offers);
    expect(second.total).toBe(first.total - 1);
    expect(later.offers.slice(0, stopped.offers.length)).toEqual(stopped.offers);
  });

  test("chooses nothing that exceeds a budget", async () => {
    const claim = {
      mode: "require",
      subject: { name: "flash", arguments: {} },
      comparison: "<=",
      bound: 300,
      dimension: "size",
      origin: nowhere,
    } as const;
    const deployment = { network: "net", target: target.name, targetOrigin: nowhere, settings: {}, claims: [claim], origin: nowhere };
    const { tuned } = await events({ deployment, known: (await usual).tuned.offers });
    expect(tuned.chosen).toBeUndefined();
    expect(tuned.wholes.map(({ fits }) => fits)).toEqual([false]);
  });

  test("measures what the chip has no room for", async () => {
    const tight: Plan = {
      ...subject.plan,
      target: { ...target, memory: { flash: 1024, ram: 2048 }, chip: { ...target.chip!, flash: { ...target.chip!.flash, bytes: 1024 } } },
    };
    const known = (await usual).tuned.offers.slice(4);
    const { tuned } = await events({ estimated: tight, known });
    expect(tuned.offers.length).toBeGreaterThan(known.length);
    expect(tuned.chosen).toBeUndefined();
  });
});

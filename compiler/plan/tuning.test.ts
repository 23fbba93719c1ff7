import { describe, expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { perceptron, seededWeights } from "../cases/emit/perceptron.js";
import { networkFrom } from "../cases/network.js";
import { type Cost, type Run, runsOf } from "../ir/plan.js";
import { quantizeWeights } from "../catalog/integers.js";
import { plan } from "./plan.js";
import { printPlan } from "./print.js";
import { fingerprintOf } from "./fingerprint.js";
import { type OfferName, currentTuning, type MeasuredOffer, offerKey, type Tuning } from "./tuning.js";
import { parseTunings, printTunings } from "./tuning-file.js";

const target = loadTarget("ch32v003");
const templates = loadTemplates();
const network = perceptron({
  name: "net",
  input: [16, 16],
  layers: [
    [16, "pow2"],
    [10, "pow2"],
  ],
});
const estimated = plan(network, target).value!;
const cost: Cost = { flash: { code: 700, weights: 1064 }, ram: { static: 352, stack: 28 }, cycles: 96_000 };

/** Of every step the slowest offer that there is. */
const slowest = runsOf(estimated.steps)
  .map((run): OfferName => ({ ...([...run.rejected].at(-1) ?? run), layers: run.layers }))
  .map(({ layers, kernel, variant }) => ({ layers, kernel, ...(variant === undefined ? {} : { variant }) }));
const offers = slowest.map((choice, i): MeasuredOffer => ({ ...choice, cycles: 5000 + i, code: 100 + i, stack: 8 }));
const nowhere = { source: { path: "net.tune.yaml", text: "" }, start: 0, end: 0 };
const tuning: Tuning = {
  fingerprint: fingerprintOf(network, target, templates),
  by: { weights: "1234", samples: 50, compiler: "gcc 12: the one" },
  objective: "cycles",
  offers,
  chosen: { choices: slowest, cost },
  origin: nowhere,
};
const tunedWith = (changed: Partial<Tuning>) => plan(network, target, undefined, { tuning: { ...tuning, ...changed } });

test("a tuning is written and read back, with those of other targets", () => {
  const { chosen: _, ...unfinished } = tuning;
  const variant = { ...offers[0]!, variant: "16 at a time, in SRAM" };
  const text = printTunings(
    "net.bnm",
    new Map([
      ["ch32v003", tuning],
      ["ch32v002", { ...unfinished, offers: [...offers, variant] }],
    ]),
  );
  const { value, diagnostics } = parseTunings({ path: "net.tune.yaml", text });
  expect(diagnostics).toEqual([]);
  expect([...value.keys()]).toEqual(["ch32v002", "ch32v003"]);
  expect({ ...value.get("ch32v003"), origin: nowhere }).toEqual(tuning);
  expect(value.get("ch32v002")!.chosen).toBeUndefined();
  expect(value.get("ch32v002")!.offers.map(offerKey)).toContain("dense1: dense-bucket (16 at a time, in SRAM)");
  expect(printTunings("net.bnm", value)).toBe(text);
});

test("a choice that was never measured by itself is written and read back, too", () => {
  // Choices come as steps of a plan, with all that a plan says of them.
  const choices = slowest.map((choice) => ({ ...choice, routine: "dense1", arguments: [], cost }));
  const written = { ...tuning, chosen: { choices, cost }, offers: offers.slice(1) };
  const text = printTunings("net.bnm", new Map([["ch32v003", written]]));
  const { value, diagnostics } = parseTunings({ path: "net.tune.yaml", text });
  expect(diagnostics).toEqual([]);
  expect(new Set(value.get("ch32v003")!.chosen!.choices.map(offerKey))).toEqual(new Set(slowest.map(offerKey)));
  expect(value.get("ch32v003")!.offers).toEqual(offers.slice(1));
});

test("what was chosen is taken, measured figures stand in for estimates", () => {
  const { value, diagnostics } = tunedWith({});
  expect(diagnostics).toEqual([]);
  expect(value).toMatchObject({ cost, measured: true });
  const runs = runsOf(value!.steps);
  expect(runs.map(({ kernel }) => kernel)).toEqual(slowest.map(({ kernel }) => kernel));
  expect(runs.map(({ kernel }) => kernel)).not.toEqual(runsOf(estimated.steps).map(({ kernel }) => kernel));
  runs.forEach((run, i) => expect(run).toMatchObject({ measured: true, cost: { cycles: 5000 + i } }));
  expect(printPlan(value!)).toMatch(/^plan net on ch32v003: 96,000 cycles, .*, measured\n/);
  expect(printPlan(value!)).toMatch(/dense1 +dense-bucket .* 5,000 .* dense-lookup \(.*\) ~[\d,]+\/~[\d,]+/);
});

test("of a kernel with many variants, a plan shows the fastest that was not taken", () => {
  const value = plan(network, target).value!;
  const [first, ...others] = value.steps;
  const run = first as Run;
  const variants = ["8 at a time", "16 at a time", "all at once"].map((variant) => ({ ...run.rejected[0]!, variant }));
  expect(printPlan({ ...value, steps: [{ ...run, rejected: variants }, ...others] })).toMatch(
    / dense-\w+ \(8 at a time\) [\d,]+\/[\d,]+ and 2 like it\n/,
  );
});

describe("estimates decide, with a warning, when a tuning", () => {
  test.each<[string, Partial<Tuning>, RegExp]>([
    [
      "chose a kernel that is not offered",
      { chosen: { choices: [{ layers: ["dense1"], kernel: "dense-best" }], cost } },
      /kernels that are not offered/,
    ],
    [
      "takes more than the chip has",
      { chosen: { choices: slowest, cost: { ...cost, ram: { static: 4096, stack: 0 } } } },
      /more ram than it may/,
    ],
  ])("%s", (_, changed, reason) => {
    const { value, diagnostics } = tunedWith(changed);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["stale-tuning", "warning"]]);
    expect(diagnostics[0]!.message).toMatch(reason);
    expect(value!.measured).toBe(false);
  });

  test("was broken off", () => {
    const { chosen: _, ...unfinished } = tuning;
    expect(plan(network, target, undefined, { tuning: unfinished }).diagnostics[0]!.message).toMatch(/broken off/);
  });

  test("is of another network, target, or of other kernels", () => {
    const narrow = perceptron({
      name: "net",
      input: [16, 16],
      layers: [
        [17, "2bitsym"],
        [10, "2bitsym"],
      ],
    });
    const slower = { ...target, chip: { ...target.chip!, timing: { ...target.chip!.timing!, branch: 2 } } };
    const edited = (path: string) => new Map([...templates, [path, `${templates.get(path)!}/* faster */`]]);
    const reasonFor = (...now: Parameters<typeof fingerprintOf>): string =>
      currentTuning(tuning, fingerprintOf(...now))
        .diagnostics.map(({ message }) => message)
        .join();
    expect(reasonFor(narrow, target, templates)).toMatch(/the network and the kernels have changed since$/);
    expect(reasonFor(network, slower, templates)).toMatch(/the target has changed since$/);
    for (const path of ["dense-rows/dense-bucket", "lookup/routines/add-products", "dense-rows/partials/begin"]) {
      expect(reasonFor(network, target, edited(`${path}.c.hbs`))).toMatch(/the kernels have changed since$/);
    }
    // No kernel that bids calls for them.
    for (const path of ["depthwise-chain/routines/write-code", "depthwise-chain/partials/pack-pairs", "windows/windows-bitplanes"]) {
      expect(templates.has(`${path}.c.hbs`)).toBe(true);
      expect(reasonFor(network, target, edited(`${path}.c.hbs`))).toBe("");
    }
    expect(currentTuning(tuning, fingerprintOf(network, target, templates))).toEqual({ tuning, diagnostics: [] });
  });

  test("is of kernels that leave registers to interrupts, where these are disabled now", () => {
    const section = networkFrom(
      "weights: 8bit norm: none input i8[12, 12, 1] -> conv(4) -> relu -> dwconv -> relu -> flatten -> dense(3, norm: rms)",
      "section",
    );
    const deployed = (interrupts: string) =>
      fingerprintOf(section, target, templates, {
        network: "section",
        target: target.name,
        settings: { interrupts },
        claims: [],
        origin: tuning.origin,
        targetOrigin: tuning.origin,
      });
    expect(deployed("allowed")).toEqual(fingerprintOf(section, target, templates));
    expect(currentTuning({ ...tuning, fingerprint: deployed("allowed") }, deployed("disabled")).diagnostics[0]!.message).toMatch(
      /the kernels have changed since$/,
    );
    const edited = new Map([...templates, ["depthwise-chain/depthwise-jit.c.hbs", "faster"]]);
    expect(
      currentTuning({ ...tuning, fingerprint: deployed("allowed") }, fingerprintOf(section, target, edited)).diagnostics[0]!.message,
    ).toMatch(/the kernels have changed since$/);
  });
});

test("another training of the network keeps its tuning", () => {
  const levels = quantizeWeights(network, seededWeights(network));
  expect(plan(network, target, undefined, { levels, tuning })).toMatchObject({ value: { measured: true }, diagnostics: [] });
});

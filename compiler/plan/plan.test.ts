import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import { perceptron } from "../cases/emit/perceptron.js";
import { catalog } from "../catalog/index.js";
import type { Claim, Deployment } from "../ir/module.js";
import type { Network } from "../ir/network.js";
import { flashOf, type Plan, ramOf, runsOf } from "../ir/plan.js";
import { ramCodeOf } from "../ir/routine.js";
import type { Target } from "../ir/target.js";
import { type Bid, bidding } from "./bidding.js";
import { layOut } from "./layout.js";
import { plan } from "./plan.js";
import { printPlan } from "./print.js";
import { lower } from "./lower.js";

const chip: Target = {
  name: "tiny",
  summary: "A chip for tests.",
  core: "rv32ec",
  multiplies: false,
  memory: { flash: 16 * 1024, ram: 2048 },
  compilers: ["none"],
  flags: [],
  install: "none",
};
const bigger: Target = { ...chip, name: "big", multiplies: true, memory: { flash: 2 ** 24, ram: 2 ** 20 } };

const text = "deploy net to tiny { require flash <= 3 KiB require ram <= 300 B }";
const spanOf = (part: string): Span => ({
  source: { path: "net.bnm", text },
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
});

const require = (subject: string, bound: number): Claim => ({
  mode: "require",
  subject: { name: subject, arguments: {} },
  comparison: "<=",
  bound,
  dimension: "size",
  origin: spanOf(`require ${subject}`),
});

const deployment = (claims: readonly Claim[], settings: Deployment["settings"] = { entry: "" }): Deployment => ({
  network: "net",
  target: "tiny",
  settings,
  claims,
  origin: spanOf("deploy"),
  targetOrigin: spanOf("tiny"),
});

const codes = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ code }) => code);
const kernelsOf = (value: Plan | undefined): readonly string[] => runsOf(value!.steps).map(({ kernel }) => kernel);
const net = (...layers: readonly (readonly [number, string])[]): Network => perceptron({ name: "net", input: [16, 16], layers });

test("a plan runs every layer once, in order, and its costs add up", () => {
  const { value, diagnostics } = plan(net([32, "nf4"], [16, "csd2"], [10, "fp130"]), chip);
  expect(diagnostics).toEqual([]);
  const runs = runsOf(value!.steps);
  expect(runs.map(({ name }) => name)).toEqual(["dense1", "relu1", "dense2", "relu2", "dense3"]);
  expect(runs[0]!.reads).toEqual({ memory: "input", offset: 0, element: "i8", count: 256 });
  expect(runs.at(-1)!.writes).toMatchObject({ memory: "logits", element: "i32", count: 10 });
  runs.slice(1).forEach(({ reads }, i) => expect(reads).toEqual(runs[i]!.writes));
  expect(value!.cost.flash.weights).toBe(runs.reduce((sum, { cost }) => sum + cost.flash.weights, 0));
  expect(value!.cost.ram.static).toBe(256 + value!.arenaBytes + ramCodeOf(value!.routines));
});

test("one function serves all rescalings and is paid for once", () => {
  const runs = runsOf(plan(net([16, "nf4"], [16, "nf4"], [4, "nf4"]), chip).value!.steps);
  const [first, second] = runs.filter(({ kernel }) => kernel === "relu-rescale");
  expect(second!.shared!.key).toBe(first!.shared!.key);
  expect(first!.cost.flash.code).toBeGreaterThan(second!.cost.flash.code);
});

test("a multiplier is used where there is one", () => {
  expect(kernelsOf(plan(net([10, "csd2"]), bigger).value)).toEqual(["dense-table"]);
  expect(kernelsOf(plan(net([10, "2bitsym"]), bigger).value)).toEqual(["dense-swar"]);
  expect(kernelsOf(plan(net([10, "2bitsym"]), chip).value)).not.toContain("dense-swar");
});

test("the fastest cover that fits is the one that trying all of them finds", () => {
  const formats = Object.keys(catalog.quantizers);
  const layer = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...formats));
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 2 }),
      fc.double({ min: 0.6, max: 1.2, noNaN: true }),
      fc.boolean(),
      (layers, tightness, multiplies) => {
        const network = net(...layers);
        const target = { ...bigger, multiplies };
        const all = everyPlan(network, target);
        const bound = Math.round(tightness * flashOf(plan(network, target).value!.cost));
        const fitting = all.filter(({ cost }) => flashOf(cost) <= bound);
        const { value, diagnostics } = plan(network, target, deployment([require("flash", bound)]));
        expect(codes(diagnostics)).toEqual(fitting.length === 0 ? ["flash-budget"] : []);
        const best =
          fitting.length === 0 ? Math.min(...all.map(({ cost }) => flashOf(cost))) : Math.min(...fitting.map(({ cost }) => cost.cycles));
        expect(fitting.length === 0 ? flashOf(value!.cost) : value!.cost.cycles).toBe(best);
      },
    ),
    { numRuns: 20 },
  );
});

function everyPlan(network: Network, target: Target): readonly Plan[] {
  const lowered = lower(network);
  const bids = bidding(lowered, target);
  const from = (first: number): readonly (readonly Bid[])[] =>
    first === bids.length ? [[]] : bids[first]!.flatMap((bid) => from(bid.next).map((others) => [bid, ...others]));
  return from(0).map((picked) => layOut({ network, target, entry: "net_infer" }, lowered, picked, bids));
}

describe("budgets", () => {
  test("a small RAM budget buys a slower kernel", () => {
    const network = net([32, "8bit"], [10, "8bit"]);
    const free = plan(network, bigger, undefined).value!;
    const slow = plan(network, { ...bigger, multiplies: false }, deployment([require("ram", 700)]));
    expect(slow.diagnostics).toEqual([]);
    expect(ramOf(slow.value!.cost)).toBeLessThanOrEqual(700);
    expect(kernelsOf(slow.value)[0]).toBe("dense-bitserial");
    expect(slow.value!.cost.cycles).toBeGreaterThan(free.cost.cycles);
  });

  test("too much flash is reported at the requirement, with the biggest eater and what would fit", () => {
    const { value, diagnostics } = plan(
      net([64, "4bitsym"], [10, "4bitsym"]),
      chip,
      deployment([require("flash", 5 * 1024), require("ram", 2048)]),
    );
    expect(value).toBeDefined();
    expect(codes(diagnostics)).toEqual(["flash-budget"]);
    const [{ message, at, notes, help, related }] = diagnostics as [Diagnostic];
    expect(message).toMatch(/^net needs 8\.\d KiB of flash on tiny; the budget is 5 KiB$/);
    expect(at.span).toEqual(spanOf("require flash"));
    expect(notes[0]).toMatch(/^weights 8\.3 KiB, of which `dense1` takes 8 KiB; code about \d+ B$/);
    expect(help).toBe("`weights: 2bitsym` for `dense1` saves 4 KiB and fits");
    expect(related[0]!.text).toBe("takes 8 KiB");
  });

  test("the remedy goes as far as it has to", () => {
    const helpFor = (bound: number): string =>
      plan(net([64, "8bit"], [64, "8bit"], [10, "8bit"]), chip, deployment([require("flash", bound)])).diagnostics[0]!.help!;
    expect(helpFor(17 * 1024)).toBe("`weights: 5bitsym` for `dense1` saves 5.3 KiB and fits");
    expect(helpFor(4 * 1024)).toMatch(/for every layer saves .* and fits$/);
    expect(helpFor(1024)).toBe("no weight format is small enough: make `dense1` or its input smaller");
  });

  test("the chip's own memory is the last budget", () => {
    const { diagnostics } = plan(net([300, "8bit"], [10, "8bit"]), chip);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^net needs 7\d\.\d KiB of flash on tiny; the chip has 16 KiB$/),
    ]);
    const both = plan(net([300, "8bit"], [10, "8bit"]), chip, deployment([require("flash", 3000)])).diagnostics;
    expect(both.map(({ message }) => message)).toEqual([expect.stringMatching(/the budget is 2.9 KiB$/)]);
  });

  test("too much RAM says what takes it", () => {
    const { diagnostics } = plan(net([500, "2bitsym"], [10, "2bitsym"]), { ...chip, memory: { flash: 2 ** 20, ram: 2048 } });
    expect(codes(diagnostics)).toEqual(["ram-budget"]);
    expect(diagnostics[0]!.notes[0]).toMatch(/^input 256 B, buffers 2 KiB, of which the values of `dense1` take 2 KiB; stack about \d+ B$/);
    expect(diagnostics[0]!.help).toBe("make `dense1` smaller");
  });
});

describe("refusals", () => {
  test("sums that 32 bits cannot hold", () => {
    const wide = perceptron({ name: "net", input: [400, 400], layers: [[2, "8bit"]] });
    const { diagnostics } = plan(wide, bigger);
    expect(codes(diagnostics)).toEqual(["sum-overflow"]);
    expect(diagnostics[0]!.help).toBe("8bit weights allow 130,559 inputs");
    expect(plan(perceptron({ name: "net", input: [130_559], layers: [[2, "8bit"]] }), bigger).diagnostics).toEqual([]);
  });

  test("a layer that nothing can run", () => {
    const whole = net([4, "nf4"], [4, "nf4"]);
    const odd = {
      ...whole,
      layers: whole.layers.map((layer) => (layer.id === "dense1" ? { ...layer, type: { element: "i8" as const, shape: [4] } } : layer)),
    };
    const { value, diagnostics } = plan(odd, chip);
    expect(value).toBeUndefined();
    expect(diagnostics[0]!.message).toBe("no kernel on tiny can run `relu1` (i8[4])");
  });

  test.each(["2fast", "infer-it", "int", "a b"])("the entry %s", (entry) => {
    expect(codes(plan(net([4, "4bit"]), chip, deployment([], { entry })).diagnostics)).toEqual(["bad-entry"]);
  });
});

test("the entry is the deployment's, else the model's", () => {
  expect(plan(net([4, "4bit"]), chip, deployment([], { entry: "classify" })).value!.entry).toBe("classify");
  expect(plan(net([4, "4bit"]), chip, deployment([])).value!.entry).toBe("net_infer");
});

test("a plan prints as tables", async () => {
  const { value } = plan(net([32, "nf4"], [16, "8bit"], [10, "fp130"]), chip);
  await expect(printPlan(value!)).toMatchFileSnapshot("../cases/emit/plan.txt");
});

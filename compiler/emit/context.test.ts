import { expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { forcedPlans } from "#runtime/fuzz/plans.js";
import { roomy } from "#runtime/tune/bench.js";
import { type Case } from "#runtime/verify/testing/agreement.js";
import { representatives } from "#runtime/verify/testing/representatives.js";
import { provenance, seededWeights } from "../cases/emit/perceptron.js";
import { runsOf } from "../ir/plan.js";
import { isProgram } from "../riscv/index.js";
import { kernels } from "../kernels/index.js";
import { chains, fixedRanges, mixed } from "../plan/testing/networks.js";
import { random } from "../random.js";
import type { Target } from "../ir/target.js";
import { codedWeights, constantsOf, emitBy } from "./emit.js";
import { renderer } from "./render.js";

/** What was read of contexts, as `template property.inner`; elements of arrays share one path. */
type Reads = Set<string>;

/** A value whose properties are noted when they are read; assembly is one value. */
function observed<T>(value: T, path: string, reads: Reads): T {
  if (typeof value !== "object" || value === null || isProgram(value)) return value;
  return new Proxy(value, {
    get: (target, key) => {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || typeof inner === "function" || key === "length") return inner;
      const place = Array.isArray(target) ? path : `${path} ${key}`;
      reads.add(place);
      return observed(inner, place, reads);
    },
  });
}

/** The properties of a context and of the elements of its lists; an object in it is one value. */
function propertiesOf(value: object, path: string): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) => {
    const place = `${path} ${key}`;
    const elements: readonly unknown[] = Array.isArray(inner) ? inner : [];
    return [
      place,
      ...elements.flatMap((element) =>
        typeof element === "object" && element !== null && !isProgram(element) ? propertiesOf(element, place) : [],
      ),
    ];
  });
}

/** Plans of networks of all formats, with offers that were not forced before as long as there are some. */
const forced = (target: Target): readonly Pick<Case, "plan" | "weights">[] =>
  [chains, ...fixedRanges, ...mixed].flatMap((network) => {
    const weights = seededWeights(network);
    const recipe = { interrupts: "disabled", input: "kept", known: true } as const;
    return forcedPlans({ network, weights, target, recipe }, random("contexts", target.name, network.name), 2).plans.map((plan) => ({
      plan,
      weights,
    }));
  });

test("what kernels decide is read by their templates or their tables, all of it", () => {
  const reads: Reads = new Set();
  const decided = new Set<string>();
  const decide = (context: object, template: string) => propertiesOf(context, template).forEach((property) => decided.add(property));
  const render = renderer(loadTemplates());
  for (const target of ["host", "ch32v003", "ch32v002"].map(loadTarget).map(roomy)) {
    for (const { plan, weights } of [...representatives(target), ...forced(target)]) {
      emitBy((path, view) => render(path, observed(view, path.replace(".c.hbs", ""), reads)), plan, weights, provenance);
      for (const { context, template } of plan.routines) decide(context, template);
      for (const run of runsOf(plan.steps)) {
        const { template, tables } = kernels[run.kernel]!;
        decide((run.shared ?? run).context, template);
        tables(codedWeights(plan.network, run, weights), observed(run.context, template, reads), constantsOf(plan.network, run, weights));
      }
    }
  }
  expect(decided.size).toBeGreaterThan(300);
  expect([...decided].filter((property) => !reads.has(property)).sort()).toEqual([]);
});

import { expect } from "vitest";
import { type Case, referenceRows, runOnHost, sanitizers } from "./host-program.js";

export { type Case, compiler } from "./host-program.js";

const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-O1"];

/** How many inputs each net is run on. */
export const samples = 24;

/** Seconds that a net may take for all of its inputs. */
const patience = 60;

/**
 * Holds the C of all cases against the reference, bit for bit, under the sanitizers. All nets are linked into one
 * program, which also shows that models do not collide.
 */
export function expectAgreement(cases: readonly Case[]): void {
  const { warnings, answers } = runOnHost(cases, [...strict, ...sanitizers], patience);
  expect(warnings).toBe("");
  for (const each of cases) expect(answers.get(each.plan.network.name), each.plan.network.name).toEqual(referenceRows(each));
}

import { describe, expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { seededWeights } from "../cases/emit/perceptron.js";
import { functionsOf } from "../kernels/contract.js";
import { quantizeWeights } from "../catalog/integers.js";
import { codeBytes, cStatement, isProgram, type Line, type Program } from "../riscv/index.js";
import { gnuPrefix, gnuSizes } from "../riscv/testing/gnu.js";
import { bidding } from "./bidding.js";
import { lower } from "./lower.js";
import { chains, mixed } from "./testing/networks.js";

/** Every program of assembly that kernels offer for these networks, by what it is of. */
function programsFor(name: string): ReadonlyMap<string, Program> {
  const target = loadTarget(name);
  const found = new Map<string, Program>();
  for (const network of [chains, ...mixed]) {
    const levels = quantizeWeights(network, seededWeights(network));
    for (const interrupts of ["allowed", "disabled"] as const) {
      const offers = bidding(lower(network, { levels, interrupts }), target)
        .flat()
        .map(({ offer }) => offer);
      for (const { label, context } of offers.flatMap((offer) => [{ label: "kernel", context: offer.context }, ...functionsOf(offer)])) {
        for (const [name, value] of Object.entries(context))
          if (isProgram(value)) found.set(`${label}, ${name}: ${JSON.stringify(value)}`, value);
      }
    }
  }
  return found;
}

/** The lines of a program for GNU as, with registers beyond the reach of compressed instructions for those that C would choose. */
function sourceOf(program: Program): string {
  const chosen = new Map(
    Object.entries(program.operands ?? {}).map(([name, { kind }], index) => [name, [kind, `x${16 + index}`] as const]),
  );
  const text = cStatement(program, ({ routine = "own", part = "" }) => routine + part);
  const lines = [...text.matchAll(/^ *"(.*)\\n"/gm)].map(([, line]) => line!.replaceAll("%%", "%"));
  return lines.join("\n").replace(/%\[(\w+)\]/g, (_, name: string) => {
    const [kind, register] = chosen.get(name) ?? ["symbol", name];
    return kind.startsWith("memory") ? `1(${register})` : register;
  });
}

/** Bytes that an alignment may take or not, where the linker does not make them up. */
function uncertainty({ lines }: Program): number {
  const options = lines.filter((line): line is Extract<Line, { kind: "align" | "option" }> => ["align", "option"].includes(line.kind));
  return options.reduce((sum, line) => sum + (line.kind === "align" ? line.bytes - 2 : 0), 0);
}

describe.skipIf(gnuPrefix === undefined)("the size of assembly", () => {
  test.each([
    ["ch32v003", 10],
    ["ch32v002", 4],
  ])("on %s is what GNU as makes of it", (name, least) => {
    const programs = [...programsFor(name)];
    expect(programs.length).toBeGreaterThanOrEqual(least);
    const sizes = gnuSizes(programs.map(([, program]) => sourceOf(program)));
    const wrong = programs.flatMap(([what, program], index) => {
      const [ours, theirs] = [codeBytes(program), sizes[index]!];
      return ours >= theirs && ours - theirs <= uncertainty(program) ? [] : [`${what.slice(0, 60)}: ${ours}, not ${theirs}`];
    });
    expect(wrong).toEqual([]);
  });
});

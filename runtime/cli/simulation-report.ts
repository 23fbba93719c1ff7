import { flashOf, ramOf } from "#compiler/ir/plan.js";
import { table } from "#compiler/ir/print.js";
import { showCount } from "#compiler/ir/show.js";
import type { Firmware } from "../firmware/build.js";
import { modelCost } from "../firmware/measured.js";
import type { Slowest } from "../firmware/slowest.js";
import type { Simulation } from "../firmware/simulate.js";
import { bar } from "./bars.js";
import { aligned } from "./firmware-report.js";
import { showPercent } from "./terminal.js";

const barWidth = 24;

/** Mean, least and most. */
export const spreadOf = (values: readonly number[]) => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  min: Math.min(...values),
  max: Math.max(...values),
});

/** What a simulation measured: the whole, then by step and by function, means of an inference. */
export function simulationReport(firmware: Firmware, simulation: Simulation, mismatches: number, slowest: Slowest, bound: number): string {
  const {
    plan: { network, target },
    linked,
  } = firmware;
  const cycles = spreadOf(simulation.cycles);
  const cost = modelCost(firmware);
  const milliseconds = (count: number): string => `${((1000 * count) / target.clockHz!).toFixed(2)} ms`;
  const whole = table([
    ["cycles", `mean ${showCount(cycles.mean)}, least ${showCount(cycles.min)}, most ${showCount(cycles.max)}`],
    ["time", `mean ${milliseconds(cycles.mean)}, most ${milliseconds(cycles.max)} at ${target.clockHz! / 1e6} MHz`],
    ...(slowest.tried === 0
      ? []
      : [
          [
            "worst",
            `${showCount(slowest.cycles)} cycles, ${milliseconds(slowest.cycles)}: the slowest input found in ${slowest.tried} tries`,
          ],
        ]),
    ["bound", `${showCount(bound)} cycles, ${milliseconds(bound)}: no path through the code that ran takes longer`],
    ["flash", `${showCount(flashOf(cost))} bytes: weights ${showCount(cost.flash.weights)}, code ${showCount(cost.flash.code)}`],
    [
      "RAM",
      `${showCount(ramOf(cost))} bytes: static ${showCount(cost.ram.static)}, stack ${showCount(cost.ram.stack)} at worst, ${showCount(simulation.stack)} seen`,
    ],
  ]);
  const title = `${network.name} on ${target.name}: ${mismatches} mismatches in ${simulation.cycles.length} samples (${linked.compiler.version})`;
  return [title, whole.trimEnd(), shares("step", simulation.steps, cycles.mean), functionTable(simulation, cycles.mean)].join("\n\n");
}

function shares(title: string, rows: Simulation["steps"], mean: number): string {
  const most = Math.max(1, ...rows.map(({ cycles }) => cycles));
  const lines = rows.map(({ name, cycles }) => [name, showCount(cycles), showPercent(cycles / mean), bar(cycles / most, barWidth)]);
  return aligned([[title, "cycles", "share", ""], ...lines]);
}

function functionTable({ functions }: Simulation, mean: number): string {
  const rows = functions.toSorted((a, b) => b.cycles - a.cycles).filter(({ cycles }) => cycles > 0);
  const calls = (count: number): string => (Number.isInteger(count) ? showCount(count) : count.toFixed(1));
  return aligned([
    ["function", "calls", "own cycles", "share", ""],
    ...rows.map((row) => [row.name, calls(row.calls), showCount(row.cycles), showPercent(row.cycles / mean), ""]),
  ]);
}

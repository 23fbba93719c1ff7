import { type Cost, flashOf, type Plan, ramOf, type Region, regionBytes, type Run, runsOf } from "../ir/plan.js";
import { table } from "../ir/print.js";
import { showBytes, showCount } from "../ir/show.js";

/** A plan as tables: each step with its kernel and the offers it beat, then what lies where in the arena. */
export function printPlan(plan: Plan): string {
  const { network, target, cost, arenaBytes } = plan;
  const runs = runsOf(plan.steps);
  return [
    `plan ${network.name} on ${target.name}: ${showCost(cost)}\n`,
    table([["step", "kernel", "reads", "writes", "cycles", "flash", "instead of"], ...runs.map(runRow)]),
    `arena: ${showCount(arenaBytes)} bytes\n`,
    table(arenaMap(plan)),
  ].join("");
}

/** One line: `109,766 cycles, flash 2.8 KiB (weights 2,248 B, code 578 B), RAM 424 B (buffers and input 384 B, stack 40 B)`. */
const showCost = (cost: Cost): string =>
  `${showCount(cost.cycles)} cycles, flash ${showBytes(flashOf(cost))} (weights ${showCount(cost.flash.weights)} B, code ${showCount(cost.flash.code)} B), ` +
  `RAM ${showBytes(ramOf(cost))} (input and buffers ${showCount(cost.ram.static)} B, stack ${showCount(cost.ram.stack)} B)`;

const runRow = ({ name, kernel, reads, writes, cost, rejected }: Run): readonly string[] => [
  name,
  kernel,
  showRegion(reads),
  showRegion(writes),
  showCount(cost.cycles),
  showCount(flashOf(cost)),
  rejected.map((other) => `${other.kernel} ${showCount(other.cost.cycles)}/${showCount(flashOf(other.cost))}`).join(", ") || "-",
];

/** `arena[64..127] i8[64]` */
const showRegion = (region: Region): string =>
  region.memory === "arena" ? `arena[${showRange(region)}] ${showShape(region)}` : `${region.memory} ${showShape(region)}`;

const showRange = (region: Region): string => `${region.offset}..${region.offset + regionBytes(region) - 1}`;

const showShape = ({ element, count }: Region): string => `${element}[${count}]`;

/** One line for each occupant, one column for each step: `#` where it holds its bytes. */
function arenaMap({ occupants, steps }: Plan): readonly (readonly string[])[] {
  const runs = runsOf(steps);
  const rows = occupants.map(({ name, scratch, region, from, to }) => [
    showRange(region),
    scratch ? `scratch of ${name}` : `${name} ${showShape(region)}`,
    ...runs.map((_, step) => (step >= from && step <= to ? "#" : ".")),
  ]);
  return [["bytes", "holds", ...runs.map(({ name }) => name)], ...rows];
}

import { type Cost, flashOf, type Plan, ramOf, type Region, regionBytes, type Run, runsOf, type Step } from "../ir/plan.js";
import { table } from "../ir/print.js";
import { showBytes, showCount } from "../ir/show.js";

/** A plan as tables: each step with its kernel and the offers it beat, then what lies where in the arena. */
export function printPlan(plan: Plan): string {
  const { network, target, cost, arenaBytes } = plan;
  return [
    `plan ${network.name} on ${target.name}: ${showCost(cost)}\n`,
    table([["step", "kernel", "reads", "writes", "cycles", "flash", "instead of"], ...plan.steps.flatMap(stepRows)]),
    `arena: ${showCount(arenaBytes)} bytes\n`,
    table(arenaMap(plan)),
  ].join("");
}

/** One line: `109,766 cycles, flash 2.8 KiB (weights 2,248 B, code 578 B), RAM 424 B (buffers and input 384 B, stack 40 B)`. */
const showCost = (cost: Cost): string =>
  `${showCount(cost.cycles)} cycles, flash ${showBytes(flashOf(cost))} (weights ${showCount(cost.flash.weights)} B, code ${showCount(cost.flash.code)} B), ` +
  `RAM ${showBytes(ramOf(cost))} (input and buffers ${showCount(cost.ram.static)} B, stack ${showCount(cost.ram.stack)} B)`;

/** What runs channel by channel says so. */
const stepRows = (step: Step): readonly (readonly string[])[] =>
  step.kind === "run" ? [runRow(step)] : runsOf(step.body).map((run) => runRow(run, `${step.count}x `));

const runRow = ({ name, kernel, reads, joins, writes, cost, rejected }: Run, times = ""): readonly string[] => [
  `${times}${name}`,
  kernel,
  [reads, ...joins].map(showRegion).join(", "),
  showRegion(writes),
  showCount(cost.cycles),
  showCount(flashOf(cost)),
  rejected.map((other) => `${other.kernel} ${showCount(other.cost.cycles)}/${showCount(flashOf(other.cost))}`).join(", ") || "-",
];

/** `arena[64..127] i8[64]` */
const showRegion = (region: Region): string =>
  region.memory === "arena" ? `arena[${showRange(region)}] ${showShape(region)}` : `${region.memory} ${showShape(region)}`;

const showRange = (region: Region): string => `${region.offset}..${region.offset + regionBytes(region) - 1}`;

/** `i32[256]`, or `i32[256] by 4` where a step has only so many of them at a time. */
const showShape = ({ element, count, walk }: Region): string => `${element}[${count}]${walk === undefined ? "" : ` by ${walk.elements}`}`;

/** One line for each occupant, one column for each step: `#` where it holds its bytes. */
function arenaMap({ occupants, steps }: Plan): readonly (readonly string[])[] {
  const runs = runsOf(steps);
  const rows = occupants.map(({ name, scratch, channelwise, region, from, to }) => [
    showRange(region),
    scratch ? `scratch of ${name}` : `${name} ${region.element}[${region.count}]${channelwise ? ", a channel" : ""}`,
    ...runs.map((_, step) => (step >= from && step <= to ? "#" : ".")),
  ]);
  return [["bytes", "holds", ...runs.map(({ name }) => name)], ...rows];
}

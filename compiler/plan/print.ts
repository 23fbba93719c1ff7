import { type Cost, flashOf, type Plan, ramOf, type Region, regionBytes, type Run, runsOf, showKernel, type Step } from "../ir/plan.js";
import { table } from "../ir/print.js";
import { showBytes, showCount } from "../ir/show.js";

/** A plan as tables: each step with its kernel and the offers it beat, then what lies where in the arena. */
export function printPlan(plan: Plan): string {
  const { network, target, cost, arenaBytes, measured } = plan;
  return [
    `plan ${network.name} on ${target.name}: ${showCost(cost)}${measured ? ", measured" : ""}\n`,
    table([
      ["step", "kernel", "reads", "writes", "cycles", "flash", "instead of"],
      ...plan.steps.flatMap((step) => stepRows(step, figuresOf(plan))),
    ]),
    `arena: ${showCount(arenaBytes)} bytes\n`,
    table(arenaMap(plan)),
  ].join("");
}

/** One line: `109,766 cycles, flash 2.8 KiB (weights 2,248 B, code 578 B), RAM 424 B (buffers and input 384 B, stack 40 B)`. */
const showCost = (cost: Cost): string =>
  `${showCount(cost.cycles)} cycles, flash ${showBytes(flashOf(cost))} (weights ${showCount(cost.flash.weights)} B, code ${showCount(cost.flash.code)} B), ` +
  `RAM ${showBytes(ramOf(cost))} (input and buffers ${showCount(cost.ram.static)} B, stack ${showCount(cost.ram.stack)} B)`;

/** `4,000/120`: cycles and flash of an offer, those that were estimated marked where others were measured. */
type Figures = (offer: Pick<Run, "cost" | "measured">) => readonly [cycles: string, flash: string];

function figuresOf({ measured: some }: Plan): Figures {
  return ({ cost, measured }) =>
    [cost.cycles, flashOf(cost)].map((figure) => `${some && !measured ? "~" : ""}${showCount(figure)}`) as [string, string];
}

/** What runs channel by channel says so. */
const stepRows = (step: Step, figures: Figures): readonly (readonly string[])[] =>
  step.kind === "run" ? [runRow(step, figures)] : runsOf(step.body).map((run) => runRow(run, figures, `${step.count}x `));

const runRow = (run: Run, figures: Figures, times = ""): readonly string[] => [
  `${times}${run.name}`,
  showKernel(run),
  [run.reads, ...run.extraInputs].map(showRegion).join(", "),
  showRegion(run.writes),
  ...figures(run),
  showRejected(run, figures) || "-",
];

/** The fastest rejected variant of each kernel, with the number of its others. */
function showRejected({ rejected }: Run, figures: Figures): string {
  const kernels = [...new Set(rejected.map(({ kernel }) => kernel))];
  return kernels
    .map((name) => {
      const [fastest, ...others] = rejected.filter(({ kernel }) => kernel === name);
      return `${showKernel(fastest!)} ${figures(fastest!).join("/")}${others.length === 0 ? "" : ` and ${others.length} like it`}`;
    })
    .join(", ");
}

/** `arena[64..127] i8[64]` */
const showRegion = (region: Region): string =>
  region.memory === "arena" ? `arena[${showRange(region)}] ${showShape(region)}` : `${region.memory} ${showShape(region)}`;

const showRange = (region: Region): string => `${region.offset}..${region.offset + regionBytes(region) - 1}`;

/** `i32[256]`, or `i32[256] by 4` where a step has only so many of them at a time. */
const showShape = ({ element, count, stride }: Region): string =>
  `${element}[${count}]${stride === undefined ? "" : ` by ${stride.elements}`}`;

/** The memory plan: a line for each allocation with its interval of values, a column for each step, `#` where it is live. */
function arenaMap({ allocations, steps }: Plan): readonly (readonly string[])[] {
  const runs = runsOf(steps);
  const rows = allocations.map(({ name, scratch, channelwise, range, region, from, to }) => [
    showRange(region),
    scratch ? `scratch of ${name}` : `${name} ${region.element}[${region.count}]${channelwise ? ", a channel" : ""}`,
    range === undefined ? "" : `${showCount(range.low)}..${showCount(range.high)}`,
    ...runs.map((_, step) => (step >= from && step <= to ? "#" : ".")),
  ]);
  return [["bytes", "holds", "values", ...runs.map(({ name }) => name)], ...rows];
}

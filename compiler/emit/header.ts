import { catalog } from "../catalog/index.js";
import { headerMacros, identifier, macroPrefix } from "../ir/c-names.js";
import type { Provenance } from "../ir/emission.js";
import { networkHash } from "../ir/hash.js";
import { type Layer, layerOf, type Network } from "../ir/network.js";
import { flashOf, interruptible, type Allocation, type Plan, ramOf, regionBytes, runsOf } from "../ir/plan.js";
import { table } from "../ir/print.js";
import { ramCodeOf } from "../ir/routine.js";
import { showBytes, showCount } from "../ir/show.js";
import { showType, sizeOf } from "../ir/types.js";
import type { InstructionSet } from "../kernels/instruction-sets.js";
import { names } from "./names.js";
import { commentSafe } from "./text.js";

/** What the header says: the network, the memory, the costs and the origin, as lines of its opening comment. */
export function headerView(plan: Plan, provenance: Provenance, assembled: InstructionSet | undefined): object {
  const { network, target } = plan;
  const input = network.layers[0]!;
  const result = layerOf(network, network.result);
  return {
    title: commentSafe(network.name),
    target: target.name,
    about: aboutLines(plan, provenance).map(commentSafe),
    prefix: macroPrefix(network.name),
    entry: plan.entry,
    inputs: sizeOf(input.type.shape),
    inputName: commentSafe(input.id),
    inputType: showType(input.type),
    prepared: provenance.preparation.length > 0,
    classes: sizeOf(result.type.shape),
    resultName: commentSafe(result.id),
    classNames: classNames(network, provenance.classes),
    arenaBytes: plan.arenaBytes,
    interrupts: interruptText(plan.borrowed),
    tasks: taskLines(plan.borrowed),
    assembled: assembled?.title,
    flags: architectureOf(plan),
    overwritten: overwrites(plan),
  };
}

const aboutLines = (plan: Plan, provenance: Provenance): readonly string[] => [
  ...section("", docLines(plan.network)),
  ...section("Network:", [...networkLines(plan), ...loopLines(plan)]),
  ...section("Preprocessing of a sample into an input, as in training:", preparationLines(provenance)),
  ...section(`Memory plan of the arena, ${showCount(plan.arenaBytes)} bytes:`, arenaLines(plan)),
  ...section(sizeTitle(plan, provenance), sizeLines(plan, provenance)),
  ...section("Origin:", originLines(plan, provenance)),
];

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", ...(title === "" ? lines : [title, ...lines])];

const tableLinesOf = (rows: readonly (readonly string[])[]): readonly string[] => table(rows).trimEnd().split("\n");

const docLines = ({ doc }: Network): readonly string[] =>
  doc.trim() === ""
    ? []
    : doc
        .trim()
        .split("\n")
        .map((line) => line.trim());

function networkLines({ network, steps }: Plan): readonly string[] {
  const kernelOf = new Map(runsOf(steps).flatMap((run) => run.layers.map((id) => [id, run.kernel] as const)));
  return tableLinesOf(
    network.layers.map((layer) => [
      layer.inputs.length === 0 ? layer.id : `-> ${layer.id}`,
      showType(layer.type),
      weightsText(layer),
      kernelOf.get(layer.id) ?? "",
    ]),
  );
}

/** The depthwise chains: layers that run channel by channel. */
const loopLines = ({ steps }: Plan): readonly string[] =>
  steps.flatMap((step) => {
    if (step.kind === "run" || step.count === 1) return [];
    const layers = runsOf(step.body).flatMap((run) => run.layers);
    return [`${layers.length === 1 ? layers[0]! : `${layers[0]!} to ${layers.at(-1)!}`}: channel by channel, ${step.count} channels.`];
  });

function weightsText({ weights }: Layer): string {
  if (weights === undefined) return "";
  return `${weights.shape.join(" x ")} weights, ${catalog.quantizers[weights.quantizer]!.name}`;
}

/** Preprocessing of a reading, at last its quantization; long lists of numbers are broken. */
const preparationLines = ({ preparation }: Provenance): readonly string[] =>
  preparation.flatMap((step) => step.split("\n").flatMap((line, i) => wrapped(i === 0 ? line : `  ${line}`).map((part) => `  ${part}`)));

const width = 100;

function wrapped(line: string): readonly string[] {
  const lines: string[] = [];
  for (const part of line.split(/(?<=,) /)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= width) lines.splice(-1, 1, `${last} ${part}`);
    else lines.push(last === undefined ? part : `    ${part}`);
  }
  return lines;
}

function arenaLines(plan: Plan): readonly string[] {
  const runs = runsOf(plan.steps);
  const stepName = (index: number): string => runs[index]?.name ?? "the end";
  const row = ({ name, scratch, channelwise, region, from, to }: Allocation): readonly string[] => [
    `${region.offset}..${region.offset + regionBytes(region) - 1}`,
    scratch ? `scratch of ${name}` : `${name}, ${region.element}[${region.count}]${channelwise ? ", one channel" : ""}`,
    from === to ? `during ${stepName(from)}` : `from ${stepName(from)} to ${stepName(to)}`,
    region.memory === "logits" ? "(when logits is NULL)" : "",
  ];
  return tableLinesOf(plan.allocations.map(row));
}

const sizeTitle = ({ target }: Plan, { sizedBy }: Provenance): string => {
  if (target.memory === undefined) return "Size:";
  return sizedBy === undefined ? "Size, code and stack by estimate:" : `Size, measured with ${sizedBy}:`;
};

/** Elsewhere than on chips only what is exact is said. */
function sizeLines({ network, target, cost, arenaBytes, routines, measured }: Plan, { sizedBy }: Provenance): readonly string[] {
  const { flash, ram, cycles } = cost;
  const about = sizedBy === undefined ? "about " : "";
  const weights = `weights and tables ${showCount(flash.weights)} bytes`;
  const code = ramCodeOf(routines);
  const running = code === 0 ? "" : `, code that runs there about ${showCount(code)} bytes`;
  const buffers = `input ${showCount(sizeOf(network.layers[0]!.type.shape))} bytes, buffers ${showCount(arenaBytes)} bytes${running}`;
  if (target.memory === undefined)
    return tableLinesOf([
      ["flash", weights],
      ["RAM", buffers],
    ]);
  return tableLinesOf([
    ["flash", `${showBytes(flashOf(cost))}: ${weights}, code ${about}${showCount(flash.code)} bytes`],
    ["RAM", `${showBytes(ramOf(cost))}: ${buffers}, stack ${about}${showCount(ram.stack)} bytes`],
    [
      "time",
      measured
        ? `${showCount(cycles)} cycles, as \`bnmc tune\` measured`
        : `about ${showCount(cycles)} cycles by estimate, a third to twice that${target.chip?.timing ? "; `bnmc sim` measures" : ""}`,
    ],
  ]);
}

function originLines({ network }: Plan, { model, weights, params, version, command }: Provenance): readonly string[] {
  const set = Object.entries(params).map(([name, value]) => `${name} = ${value}`);
  return tableLinesOf([
    ["model", model],
    ["definition", networkHash(network)],
    ["weights", weights],
    ...(set.length === 0 ? [] : [["params", set.join(", ")]]),
    ["made by", `bnmc ${version}: ${command}`],
  ]);
}

/** Whether the call writes over its input. */
export const overwrites = ({ steps }: Plan): boolean => runsOf(steps).some(({ writes }) => writes.memory === "input");

/** What an RTOS has to know: registers of the psABI that most of them neither save nor restore. */
function taskLines(borrowed: Plan["borrowed"]): readonly string[] {
  const kept = borrowed.filter((register) => register !== "sp");
  if (kept.length === 0) return [];
  return [
    `An RTOS that may switch tasks meanwhile has to save ${kept.join(" and ")} of each, which FreeRTOS does not: else suspend its scheduler for the call.`,
  ];
}

/** The flags that say what core the code is for, by the age of the compiler where that counts. */
function architectureOf({ target: { flags, dialects = [], chip } }: Plan): string {
  if (chip === undefined) return "";
  const core = (all: readonly string[]): string => all.filter((flag) => /^-m(arch|cpu|thumb|no-div)/.test(flag)).join(" ");
  const [newest, ...older] = dialects;
  if (newest === undefined) return core(flags);
  return [core(newest.flags), ...older.map((each) => `before GCC ${newest.since} with ${core(each.flags)}`)].join(", ");
}

function interruptText(borrowed: Plan["borrowed"]): string {
  if (borrowed.length === 0) return "Interrupts may come at any time.";
  if (interruptible(borrowed)) return "Interrupts may come at any time; tp is not theirs, so that handlers have no thread-local storage.";
  return `Disable interrupts before the call: ${borrowed.join(", ")} hold data while it runs.`;
}

function classNames(network: Network, classes: readonly string[]): readonly object[] {
  const prefix = macroPrefix(network.name);
  const free = names(headerMacros(network.name));
  return classes.map((text, index) => ({
    name: free.claim(`${prefix}_CLASS_${identifier(`x${text}`).slice(1).toUpperCase()}`),
    index,
    text: commentSafe(text),
  }));
}

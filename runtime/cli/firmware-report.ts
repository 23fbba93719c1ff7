import { type Cost, flashOf, ramOf } from "#compiler/ir/plan.js";
import { table } from "#compiler/ir/print.js";
import { showCount } from "#compiler/ir/show.js";
import type { Firmware } from "../firmware/build.js";
import { type Bytes, flashBytes, type Part, ramBytes, totalOf } from "../firmware/footprint.js";
import { modelCost } from "../firmware/measured.js";
import { hex } from "#compiler/text.js";
import { bar, gauge } from "./bars.js";
import { showBytes } from "./terminal.js";

const gaugeWidth = 32;
const barWidth = 24;

/** What a firmware takes: against the chip's memories, by part and by section. */
export function firmwareReport(firmware: Firmware): string {
  const { plan, linked, footprint, stack } = firmware;
  return [
    `${plan.network.name} on ${plan.target.name}, built with ${linked.compiler.version}`,
    memoryGauges(firmware),
    partTable(footprint.parts),
    sectionTable(firmware),
    `deepest stack: ${stack.image.bytes} bytes, ${stack.image.path.join(" → ")}; the model alone ${stack.model.bytes}`,
  ].join("\n\n");
}

function memoryGauges({ chip, footprint, stack }: Firmware): string {
  const row = (name: string, bytes: number, size: number, note: string) => [
    name,
    `${showCount(bytes)} of ${showCount(size)}`,
    `${gauge(bytes / size, gaugeWidth)} ${Math.round((100 * bytes) / size)}%`,
    note,
  ];
  const ram = footprint.ram + stack.image.bytes;
  const left = chip.flash.bytes - footprint.flash;
  return table([
    row("flash", footprint.flash, chip.flash.bytes, `${showBytes(Math.abs(left))} ${left < 0 ? "too much" : "left"}`),
    row("RAM", ram, chip.ram.bytes, `static ${showCount(footprint.ram)}, stack ${showCount(stack.image.bytes)}`),
  ]).trimEnd();
}

function partTable(parts: readonly Part[]): string {
  const most = Math.max(1, ...parts.map(({ bytes }) => flashBytes(bytes)));
  const row = (name: string, bytes: Bytes, picture = "") => [
    name,
    ...[flashBytes(bytes), bytes.code + bytes.ramCode, bytes.constants + bytes.data, ramBytes(bytes)].map(showCount),
    picture,
  ];
  const rows = (...groups: readonly Part["group"][]) =>
    parts.filter(({ group }) => groups.includes(group)).map(({ name, bytes }) => row(name, bytes, bar(flashBytes(bytes) / most, barWidth)));
  const sum = (name: string, ...groups: readonly Part["group"][]) =>
    row(name, totalOf(parts.filter(({ group }) => groups.includes(group))));
  return aligned([
    ["part", "flash", "code", "tables", "RAM", ""],
    ...rows("model"),
    sum("model", "model"),
    ...rows("start-up", "demo"),
    sum("image", "model", "start-up", "demo"),
  ]);
}

/** A table whose numbers stand below each other. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (text: string, column: number, last: number): string =>
    column === 0 || column === last ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows
    .map((row) =>
      row
        .map((text, column) => pad(text, column, row.length - 1))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const sectionTable = ({ footprint }: Firmware): string =>
  aligned([
    ["section", "address", "bytes", ""],
    ...footprint.sections.map(({ name, address, size }) => [name, hex(address, 8), showCount(size), ""]),
  ]);

/** The same as data. */
export function firmwareData(firmware: Firmware): object {
  const { plan, chip, linked, footprint, stack } = firmware;
  return {
    target: plan.target.name,
    model: plan.network.name,
    compiler: linked.compiler.version,
    ...memoryData(modelCost(firmware)),
    image: {
      flash: { total: footprint.flash, available: chip.flash.bytes },
      ram: { static: footprint.ram, stack: stack.image.bytes, total: footprint.ram + stack.image.bytes, available: chip.ram.bytes },
    },
    sections: footprint.sections.map(({ name, address, size }) => ({ name, address, bytes: size })),
    parts: footprint.parts.map(({ name, group, bytes }) => ({ name, group, flash: flashBytes(bytes), ram: ramBytes(bytes), ...bytes })),
  };
}

/** Flash and RAM of a model, as `build` and `sim` print them. */
export const memoryData = (cost: Cost) => ({
  flash: { total: flashOf(cost), weights: cost.flash.weights, code: cost.flash.code },
  ram: { static: cost.ram.static, stack: cost.ram.stack, total: ramOf(cost) },
});

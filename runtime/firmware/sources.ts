import { join } from "node:path";
import { renderer } from "#compiler/emit/render.js";
import { commentSafe } from "#compiler/emit/text.js";
import { fileName, macroPrefix } from "#compiler/ir/c-names.js";
import type { Emission, Templates } from "#compiler/ir/emission.js";
import { interruptible, type Plan } from "#compiler/ir/plan.js";
import type { Chip, Memory, Target } from "#compiler/ir/target.js";
import { exitCodes, Failure } from "../failure.js";
import { fileExists, packageRoot, readText } from "../host.js";
import { hex } from "#compiler/text.js";
import type { Demo } from "./demo.js";

/** Everything a firmware is built from: path → text. The model lies at the top, all else in firmware/. */
export type Sources = ReadonlyMap<string, string>;

/** What a firmware is made of beside the chip's own files. */
export interface Ingredients {
  readonly plan: Plan;
  readonly emission: Emission;
  readonly templates: Templates;
  readonly demo: Demo;
}

/** The chip of a target; a `Failure` for targets without one. */
export function chipOf({ name, chip }: Target): Chip {
  if (chip !== undefined) return chip;
  throw new Failure(
    `there is no firmware for ${name}: its programs run under an operating system`,
    `\`bnmc emit-c\` writes the C, \`bnmc verify --target ${name}\` runs it`,
    exitCodes.usage,
  );
}

/** The sources of the demo firmware of a plan. */
export function demoSources(ingredients: Ingredients): Sources {
  return new Map([...ingredients.emission, ...chipSources(ingredients.plan.target), ["firmware/main.c", demoMain(ingredients)]]);
}

/** Start-up code, linker scripts, board code and what compilers call. */
export function chipSources(target: Target): Sources {
  const chip = chipOf(target);
  const folder = join(packageRoot, "mcu", chip.firmware);
  const own = ["startup.S", "link.ld", "board.c"].map((name) => {
    if (!fileExists(join(folder, name)))
      throw new Failure(
        `there is no firmware for ${target.name}: mcu/${chip.firmware}/${name} is missing`,
        "take that of another chip as a pattern",
      );
    return [`firmware/${name}`, readText(join(folder, name))] as const;
  });
  const shared = ["board.h", "library.c"].map((name) => [`firmware/${name}`, readText(join(packageRoot, "mcu", name))] as const);
  return new Map([...own, ...shared, [memoryScriptPath, memoryScript(target, 0)]]);
}

export const memoryScriptPath = "firmware/memory.ld";

/** The memories of a chip, and the room for its stack that the linker holds free: a region without a place of its own. */
export function memoryScript(target: Target, stackBytes: number): string {
  const { flash, ram } = chipOf(target);
  const line = (name: string, access: string, { address, bytes }: Memory): string =>
    `    ${name} (${access}) : ORIGIN = ${hex(address, 8)}, LENGTH = ${bytes}\n`;
  const stack = line("STACK", "rw", { ...ram, address: ram.address + ram.bytes - stackBytes, bytes: stackBytes });
  return `/* The memories of the ${target.name}, from its target.yaml, and the deepest stack that was measured. */\nMEMORY\n{\n${line("FLASH", "rx", flash)}${line("RAM", "rwx", ram)}${stack}}\n`;
}

/** What every main is told of the model. */
export const mainView = ({ network, target, entry, borrowed }: Plan) => ({
  title: commentSafe(network.name),
  target: target.name,
  header: `${fileName(network.name)}.h`,
  prefix: macroPrefix(network.name),
  entry,
  alone: !interruptible(borrowed),
});

/** What a main with built-in samples is told of them. */
export const demoView = ({ dataset, width, samples }: Demo) => ({
  dataset: commentSafe(dataset),
  count: samples.length,
  samples: samples.map(({ input }) => ({ lines: pictureLines(input, width) })),
  labels: samples.map(({ label }) => label).join(", "),
  answers: samples.map(({ answer }) => answer).join(", "),
  checksums: samples.map(({ checksum }) => `${hex(checksum, 8)}u`).join(", "),
});

/** The values as a picture of rows, so that a reader sees what the sample shows. */
const pictureLines = (input: Int8Array, width: number): readonly string[] =>
  Array.from({ length: Math.ceil(input.length / width) }, (_, row) =>
    [...input.subarray(row * width, (row + 1) * width)].map((value) => `${String(value).padStart(4)},`).join(""),
  );

const demoMain = ({ plan, templates, demo }: Ingredients): string =>
  renderer(templates)("firmware/main.c.hbs", { ...mainView(plan), ...demoView(demo), ...board });

/** The C by which the demo reaches the console, the counter and the switch of interrupts. */
const board = {
  ...{ put: "board_write", now: "board_ticks()", since: "board_ticks_since(start)" },
  ...{ disable: "board_disable_interrupts()", enable: "board_enable_interrupts()" },
};

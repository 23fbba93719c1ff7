import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Firmware } from "../firmware/build.js";
import { ch32funBytes, ch32funName, ch32funProject } from "../firmware/ch32fun.js";
import { makefile } from "../firmware/makefile.js";
import { chipOf, memoryScript, memoryScriptPath } from "../firmware/sources.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { needCompiler } from "../toolchain/cc.js";
import { emitTrained } from "./emission.js";
import { fittingFirmware, requireFit } from "./firmware.js";
import { firmwareData, firmwareReport } from "./firmware-report.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { writeGenerated } from "./outputs.js";
import { print, printJson, style, tell } from "./terminal.js";
import { openDataOf, openTrained, type TrainedOptions } from "./trained.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly data?: string;
  readonly samples?: number;
  readonly out?: string;
  readonly project?: "ch32fun";
  readonly json?: boolean;
}

/** `bnmc build FILE --target T`: a whole firmware, measured. */
export function addBuild(program: Command): void {
  program
    .command("build")
    .description("link a whole firmware that shows the model at work, and measure it")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(weightsOption())
    .option("--out <dir>", "where the files go (default: build/<target>)")
    .addOption(new Option("--project <sdk>", "write a project for this SDK instead, to be built there").choices(["ch32fun"]))
    .option("--samples <n>", "how many test samples are built in (default: 3, or as many as fit)", wholeNumber(0))
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(build);
}

async function build(path: string, options: Options): Promise<void> {
  const target = loadTarget(options.target);
  chipOf(target);
  needCompiler(target);
  if (options.project !== undefined) ch32funName(target);
  const trained = openTrained(path, options);
  const emitted = emitTrained(path, trained, options.target, options.set, "measured");
  const data = await openDataOf(trained.project, trained.network, options.data, trained.provenance);
  const firmware = fittingFirmware(trained, emitted, data, options.samples, options.project === undefined ? 0 : ch32funBytes);
  if (options.json) printJson(firmwareData(firmware));
  else print(firmwareReport(firmware));
  requireFit(firmware, trained);
  if (options.project === undefined) writeFirmware(firmware, options.out ?? join("build", target.name));
  else writeProject(firmware, options.out ?? join("build", `${target.name}-${options.project}`));
}

function writeProject({ ingredients }: Firmware, folder: string): void {
  writeGenerated(folder, ch32funProject(ingredients));
  const counted = `about ${ch32funBytes} bytes of the SDK are counted${ingredients.demo.samples.length === 0 ? "; without samples it prints nothing" : ""}`;
  tell(`wrote ${style("bold", folder)}: \`make CH32FUN=path/to/ch32fun/ch32fun\` there builds it and programs the chip (${counted})`);
}

function writeFirmware(firmware: Firmware, folder: string): void {
  const { plan, sources, linked } = firmware;
  const { name } = plan.network;
  const files = new Map<string, string | Uint8Array>([
    ...sources,
    [memoryScriptPath, memoryScript(plan.target, firmware.stack.image.bytes)],
    ["Makefile", makefile(firmware, loadTemplates())],
    [`${name}.elf`, linked.elf],
    [`${name}.bin`, linked.bin],
    [`${name}.hex`, linked.hex],
    [`${name}.map`, linked.map],
  ]);
  writeGenerated(folder, files);
  tell(`wrote ${style("bold", join(folder, `${name}.elf`))}, .bin, .hex and .map, and all that they are made of`);
}

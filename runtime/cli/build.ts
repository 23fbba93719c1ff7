import { join } from "node:path";
import { type Command } from "commander";
import { hasErrors } from "#grammar/diagnostic.js";
import { type Firmware } from "../firmware/build.js";
import { makefile } from "../firmware/makefile.js";
import { judge } from "../firmware/measured.js";
import { writeFile } from "../host.js";
import { loadTemplates } from "../templates.js";
import { fittingFirmware, type FirmwareOptions } from "./firmware.js";
import { firmwareData, firmwareReport } from "./firmware-report.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { deploymentOf, Rejected, show } from "./project.js";
import { print, printJson, style, tell } from "./terminal.js";
import { openTrained } from "./trained.js";

interface Options extends FirmwareOptions {
  readonly out?: string;
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
    .option("--samples <n>", "how many test samples are built in (default: 3, or as many as fit)", wholeNumber(0))
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(build);
}

async function build(path: string, options: Options): Promise<void> {
  const trained = openTrained(path, options);
  const firmware = await fittingFirmware(path, trained, options);
  const diagnostics = judge(firmware, deploymentOf(trained.project, trained.network, options.target));
  if (options.json) printJson(firmwareData(firmware));
  else print(firmwareReport(firmware));
  show(diagnostics);
  if (hasErrors(diagnostics)) throw new Rejected();
  writeFirmware(firmware, options.out ?? join("build", options.target));
}

function writeFirmware(firmware: Firmware, folder: string): void {
  const { plan, sources, linked } = firmware;
  const name = plan.network.name;
  const images = [
    [`${name}.elf`, linked.elf],
    [`${name}.bin`, linked.bin],
    [`${name}.hex`, linked.hex],
    [`${name}.map`, linked.map],
  ] as const;
  for (const [path, content] of [...sources, ["Makefile", makefile(firmware, loadTemplates())] as const, ...images]) writeFile(join(folder, path), content);
  tell(`wrote ${style("bold", join(folder, `${name}.elf`))}, .bin, .hex and .map, and all that they are made of`);
}

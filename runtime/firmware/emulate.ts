import { join } from "node:path";
import { renderer } from "#compiler/emit/render.js";
import type { Emission, Templates } from "#compiler/ir/emission.js";
import type { Plan } from "#compiler/ir/plan.js";
import type { Emulator } from "#compiler/ir/target.js";
import { exitCodes, Failure } from "../failure.js";
import { fileExists, inTemporaryFolder, readBytes, writeFile } from "../host.js";
import { run } from "../toolchain/process.js";
import { link } from "./link.js";
import type { Samples } from "./simulate.js";
import { chipSources, mainView } from "./sources.js";

/** The emulator of a target, when there is one to install and it is installed. */
export const findEmulator = ({ chip }: Plan["target"]): Emulator | undefined =>
  chip?.emulator !== undefined && run(chip.emulator.command, ["--version"])?.status === 0 ? chip.emulator : undefined;

export interface Emulated {
  readonly plan: Plan;
  readonly emission: Emission;
  readonly templates: Templates;
}

/**
 * Runs the model in the target's emulator, which exchanges files with it by semihosting. For each sample its class, the
 * class asked for without logits, and the logits: one row of i32 after the other.
 */
export function emulate({ plan, emission, templates }: Emulated, { command, options }: Emulator, { inputs }: Samples): Buffer {
  const main = renderer(templates)("firmware/semihost.c.hbs", mainView(plan));
  const linked = link(new Map([...emission, ...chipSources(plan.target), ["firmware/main.c", main]]), plan.target);
  return inTemporaryFolder((folder) => {
    writeFile(join(folder, "image.elf"), linked.elf);
    writeFile(join(folder, "inputs.bin"), new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.length));
    const outcome = run(command, [...options, "-semihosting-config", "enable=on,target=native", "-kernel", "image.elf"], {
      cwd: folder,
      seconds: 600,
    });
    const answers = join(folder, "answers.bin");
    if (outcome?.status === 0 && fileExists(answers)) return Buffer.from(readBytes(answers));
    throw new Failure(
      `the firmware ends with an error in ${command}: ${outcome?.stderr.trim() || "it trapped"}`,
      "this is a mistake of bnmc: please report it with the model",
      exitCodes.rejected,
    );
  });
}

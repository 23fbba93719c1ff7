import { showBytes } from "#compiler/ir/show.js";
import type { Chip, Target } from "#compiler/ir/target.js";
import { hex } from "#compiler/text.js";
import { code, heading, page, paragraph, table } from "../markdown.js";

/** The page of the targets: what their target.yaml say. */
export const targetsPage = (targets: readonly Target[]): string =>
  page(
    heading(1, "Targets"),
    paragraph("What `deploy MODEL to …` and `--target` name; each is a folder under `mcu/`."),
    table(
      ["Target", "Core", "Multiplies", "Flash", "RAM", "Clock", "Summary"],
      targets.map(({ name, core, multiplies, memory, clockHz, summary }) => [
        code(name),
        core,
        multiplies ? "yes" : "no",
        memory === undefined ? "-" : showBytes(memory.flash),
        memory === undefined ? "-" : showBytes(memory.ram),
        clockHz === undefined ? "-" : `${clockHz / 1e6} MHz`,
        summary,
      ]),
    ),
    ...targets.map((target) =>
      page(
        heading(2, code(target.name)),
        paragraph(compiling(target)),
        ...(target.chip === undefined ? [] : [paragraph(running(target.chip))]),
      ),
    ),
  );

function compiling({ compilers, flags, dialects = [] }: Target): string {
  const common = `Compiled with the first there is of ${compilers.map(code).join(", ")}, as \`${flags.join(" ")}\``;
  const more = dialects.map(({ since, flags: own }) => `\`${own.join(" ")}\`${since === 0 ? " before that" : ` from version ${since} on`}`);
  return more.length === 0 ? `${common}.` : `${common}, and ${more.join(", ")}.`;
}

function running({ flash, ram, firmware, timing, emulator, ch32fun }: Chip): string {
  const waits = flash.waitStates === 1 ? "1 wait state" : `${flash.waitStates} wait states`;
  const runner =
    emulator === undefined
      ? ""
      : ` Programs run in \`${emulator.command}\`${timing === undefined ? ", which knows nothing of cycles" : ""}.`;
  const simulated = timing === undefined ? "" : " `bnmc sim` runs its firmware cycle by cycle.";
  const sdk = ch32fun === undefined ? "" : ` In ch32fun it is ${code(ch32fun)}.`;
  return `Flash at \`${hex(flash.address, 8)}\` with ${waits}, RAM at \`${hex(ram.address, 8)}\`; start-up code, linker script and board code are in \`mcu/${firmware}/\`.${simulated}${runner}${sdk}`;
}

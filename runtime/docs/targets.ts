import { showBytes } from "#compiler/ir/show.js";
import type { Target } from "#compiler/ir/target.js";
import { code, heading, page, paragraph, table } from "./markdown.js";

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
    ...targets.map(({ name, compilers, flags }) =>
      page(heading(2, code(name)), paragraph(`Compiled with the first there is of ${compilers.map(code).join(", ")}, as \`${flags.join(" ")}\`.`)),
    ),
  );

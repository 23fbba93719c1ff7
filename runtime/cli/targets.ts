import { type Command } from "commander";
import { table } from "#compiler/ir/print.js";
import { allTargets } from "../targets.js";
import { jsonOption } from "./options.js";
import { print, printJson, showBytes } from "./terminal.js";

/** `bnmc targets`: the chips there are. */
export function addTargets(program: Command): void {
  program
    .command("targets")
    .description("list the targets")
    .addOption(jsonOption())
    .action(({ json }: { readonly json?: boolean }) => {
      const targets = allTargets();
      if (json) return printJson(targets);
      const rows = targets.map(({ name, core, memory, multiplies, summary }) => [
        name,
        core,
        memory === undefined ? "-" : showBytes(memory.flash),
        memory === undefined ? "-" : showBytes(memory.ram),
        multiplies ? "yes" : "no",
        summary,
      ]);
      print(table([["target", "core", "flash", "ram", "multiplies", "summary"], ...rows]));
    });
}

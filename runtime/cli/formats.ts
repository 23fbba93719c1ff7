import { type Command } from "commander";
import { catalog } from "#compiler/catalog/index.js";
import { codesPerWord } from "#compiler/catalog/codebook/packing.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { table } from "#compiler/ir/print.js";
import { jsonOption } from "./options.js";
import { print, printJson } from "./terminal.js";

/** `bnmc formats`: the weight formats there are. */
export function addFormats(program: Command): void {
  program
    .command("formats")
    .description("list the weight formats")
    .addOption(jsonOption())
    .action(({ json }: { readonly json?: boolean }) => {
      const formats = Object.values(catalog.quantizers).map(describe);
      if (json) printJson(formats);
      else print(table([["format", "bits", "levels", "summary"], ...formats.map(row)]));
    });
}

function describe({ name, summary, levels, packing }: Quantizer) {
  return { name, summary, bitsPerWeight: packing.word / codesPerWord(packing), levels: [...levels].sort((a, b) => a - b) };
}

function row({ name, summary, bitsPerWeight, levels }: ReturnType<typeof describe>): readonly string[] {
  const shown = levels.length <= 4 ? levels.join(" ") : `${levels[0]} … ${levels.at(-1)} (${levels.length})`;
  return [name, bitsPerWeight.toFixed(2).replace(/\.?0+$/, ""), shown, summary];
}

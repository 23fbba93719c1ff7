import { type Command } from "commander";
import { hasErrors } from "#grammar/diagnostic.js";
import { format } from "#grammar/format.js";
import { parse } from "#grammar/parse.js";
import { readText, standardInput, writeFile } from "../host.js";
import { Rejected, show } from "./project.js";
import { print, tell } from "./terminal.js";

/** `bnmc fmt FILE…`: the one layout; files with syntax errors are left alone. */
export function addFmt(program: Command): void {
  program
    .command("fmt")
    .description("lay files out in the one canonical way")
    .argument("<files...>", ".bnm files, or - for standard input")
    .option("--check", "change nothing; exit 1 when a file is not formatted")
    .action(fmt);
}

function fmt(paths: readonly string[], { check }: { readonly check?: boolean }): void {
  const results = paths.map((path) => formatOne(path, check === true));
  if (results.includes(false)) throw new Rejected();
}

/** Whether the file is, or now is, in order. */
function formatOne(path: string, checkOnly: boolean): boolean {
  const text = path === "-" ? standardInput() : readText(path);
  const { value, diagnostics } = parse({ path: path === "-" ? "<stdin>" : path, text });
  show(diagnostics);
  if (hasErrors(diagnostics)) return false;
  const formatted = format(value);
  if (checkOnly) {
    if (formatted !== text) tell(`${path}: not formatted; run \`bnmc fmt ${path}\``);
    return formatted === text;
  }
  if (path === "-") print(formatted);
  else if (formatted !== text) {
    writeFile(path, formatted);
    tell(`formatted ${path}`);
  }
  return true;
}

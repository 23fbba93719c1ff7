import { join } from "node:path";
import { type Command } from "commander";
import type { DiagnosticDefinition } from "#grammar/diagnostic.js";
import { suggest } from "#grammar/suggest.js";
import { diagnosticTable } from "../diagnostics.js";
import { exitCodes, Failure } from "../failure.js";
import { packageRoot, readText } from "../host.js";
import { print } from "./terminal.js";

/** `bnmc explain CODE`: why a message exists, with an example that causes it. */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("explain a message by its code, or list all codes")
    .argument("[code]", "such as shape-mismatch")
    .action((code?: string) => print(code === undefined ? listing() : explain(code)));
}

const listing = (): string => Object.keys(diagnosticTable).sort().join("\n");

function explain(code: string): string {
  const definition = Object.hasOwn(diagnosticTable, code) ? diagnosticTable[code] : undefined;
  if (definition === undefined) {
    const meant = suggest(code, Object.keys(diagnosticTable));
    const remedy = meant === undefined ? "`bnmc explain` lists all codes" : `did you mean ${meant}?`;
    throw new Failure(`there is no message with the code ${code}`, remedy, exitCodes.usage);
  }
  return [`${definition.severity}[${code}]: ${generalMessage(definition)}`, "", definition.why, ...exampleOf(code)].join("\n");
}

/** The message with its holes named. */
const generalMessage = ({ message }: DiagnosticDefinition): string =>
  message.fill(Object.fromEntries(message.holes.map((hole) => [hole, `<${hole}>`])));

/** A file that causes the message and how it is shown, from the reference. */
function exampleOf(code: string): readonly string[] {
  const sections = readText(join(packageRoot, "docs/reference/errors.md")).split(/^### /m);
  const section = sections.find((text) => text.startsWith(`\`${code}\`\n`)) ?? "";
  const blocks = [...section.matchAll(/^```\w+\n([^]*?)^```$/gm)].map(([, text]) => `\n${text!.trimEnd().replaceAll(/^(?=.)/gm, "  ")}`);
  return blocks.length === 0 ? [] : ["", "For example:", ...blocks];
}

import { type Command, Option } from "commander";
import { printModule, printNetwork, printSettings } from "#compiler/index.js";
import { type Diagnostic, hasErrors, type TextEdit } from "#grammar/diagnostic.js";
import { printFile } from "#grammar/print.js";
import { positionAt } from "#grammar/source.js";
import { readText, writeFile } from "../host.js";
import { jsonOption, setOption } from "./options.js";
import { planned, printPlans } from "./plans.js";
import { examine, type Overrides, type Project, Rejected, show } from "./project.js";
import { print, printJson, tell } from "./terminal.js";

interface Options {
  readonly set: Overrides;
  readonly show?: keyof typeof views;
  readonly fix?: boolean;
  readonly json?: boolean;
}

/** What `--show` prints, each from the project. */
const views = {
  ast: (project: Project) => printFile(project.program.root, { places: false }),
  module: (project: Project) => printModule(project.module),
  network: (project: Project) => project.module.networks.map(printNetwork).join("\n"),
  settings: (project: Project) => printSettings(project.module),
  // What is wrong with the model has been said; a plan of it would be a guess.
  plan: (project: Project) => (hasErrors(project.diagnostics) ? "" : printPlans(project)),
} as const;

/** `bnmc check FILE…`: everything that can be known without data or training, budgets included. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check models: names, shapes, and the budgets of every deploy statement")
    .argument("<files...>", ".bnm files")
    .addOption(setOption())
    .addOption(new Option("--show <what>", "print what the file means, instead of --json").choices(Object.keys(views)).conflicts("json"))
    .option("--fix", "apply the fixes that are certain")
    .addOption(jsonOption())
    .action(check);
}

function check(paths: readonly string[], options: Options): void {
  const projects = paths.map((path) => examineFixed(path, options));
  const diagnostics = projects.flatMap(allDiagnostics);
  if (options.json) printJson(diagnostics.map(diagnosticData));
  else show(diagnostics);
  if (options.show) for (const project of projects) print(views[options.show](project));
  if (hasErrors(diagnostics)) throw new Rejected();
  if (!options.json && !options.show && diagnostics.length === 0) tell(`${paths.join(", ")}: no problems`);
}

const allDiagnostics = (project: Project): readonly Diagnostic[] =>
  hasErrors(project.diagnostics)
    ? project.diagnostics
    : [...project.diagnostics, ...planned(project, "trained").flatMap(({ diagnostics }) => diagnostics)];

/** Applies fixes until there are none left; a fix may uncover another. */
function examineFixed(path: string, { set, fix }: Options): Project {
  for (let round = 0; ; round++) {
    const project = examine(path, set);
    const edits = project.diagnostics.flatMap((diagnostic) => (diagnostic.fix?.span.source.path === path ? [diagnostic.fix] : []));
    if (!fix || edits.length === 0 || round === 10) return project;
    writeFile(path, applyEdits(readText(path), edits));
    tell(`${path}: applied ${edits.length} fix${edits.length === 1 ? "" : "es"}`);
  }
}

/** Applies edits from the end, leaving out those that overlap a later one. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  let limit = text.length + 1;
  for (const { span, text: replacement } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    if (span.end > limit) continue;
    result = result.slice(0, span.start) + replacement + result.slice(span.end);
    limit = span.start;
  }
  return result;
}

/** A diagnostic as plain data, for editors and scripts. */
function diagnosticData({ code, severity, message, at, notes, help, fix }: Diagnostic) {
  const { source, start, end } = at.span;
  const place = { path: source.path, start: positionAt(source, start), end: positionAt(source, end) };
  const edit = fix && {
    start: positionAt(fix.span.source, fix.span.start),
    end: positionAt(fix.span.source, fix.span.end),
    text: fix.text,
  };
  return { code, severity, message, label: at.text, ...place, notes, help, fix: edit };
}

import type { Argument, Command, Option } from "commander";
import { code, fence, heading, page, paragraph, table } from "../markdown.js";

/** The page of the command line, read from the commands themselves. */
export const cliPage = (program: Command): string =>
  page(
    heading(1, "Command line"),
    paragraph(program.description()),
    fence("text", epilogue(program)),
    table(
      ["Command", "What it does"],
      program.commands.map((command) => [`[${code(command.name())}](#bnmc-${command.name()})`, command.description()]),
    ),
    ...program.commands.map(section),
  );

const section = (command: Command): string =>
  page(
    heading(2, `bnmc ${command.name()}`),
    paragraph(`${capitalised(command.description())}.`),
    paragraph(code(`bnmc ${command.name()} ${command.usage()}`)),
    table(["Argument", "Meaning"], command.registeredArguments.map(argumentRow)),
    table(["Option", "Default", "Meaning"], command.options.filter(({ hidden }) => !hidden).map(optionRow)),
  );

const argumentRow = (argument: Argument): readonly string[] => [code(argument.name()), argument.description + choices(argument.argChoices)];

const optionRow = ({ flags, description, defaultValue, defaultValueDescription, argChoices }: Option): readonly string[] => [
  code(flags),
  defaultValueDescription ?? (defaultValue === undefined ? "" : String(defaultValue)),
  description + choices(argChoices),
];

const choices = (words: readonly string[] | undefined): string => (words === undefined ? "" : `: ${words.map(code).join(", ")}`);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What `bnmc --help` says after the list of commands: the first steps and the exit codes. */
function epilogue(program: Command): string {
  let help = "";
  const before = program.configureOutput();
  program.configureOutput({ ...before, writeOut: (text) => (help += text) });
  program.outputHelp();
  program.configureOutput(before);
  return help.replace(program.helpInformation(), "").trim();
}

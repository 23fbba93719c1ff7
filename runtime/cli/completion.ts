import { Argument, type Command } from "commander";
import { print } from "./terminal.js";

const shells = ["bash", "zsh", "fish"] as const;

/** `bnmc completion SHELL`: a script that completes commands and options, made from the commands themselves. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description('print a completion script: eval "$(bnmc completion bash)"')
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .action((shell: Shell) => print(completionScript(shell, program)));
}

type Shell = (typeof shells)[number];

/** The script for one shell that completes what `program` understands. */
export const completionScript = (shell: Shell, program: Command): string => scripts[shell](commandsOf(program));

interface Completed {
  readonly name: string;
  readonly description: string;
  /** Long options with the words they take. */
  readonly options: readonly { readonly flag: string; readonly description: string; readonly choices: readonly string[] }[];
}

const commandsOf = (program: Command): readonly Completed[] =>
  program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ long, description, argChoices }) => ({ flag: long ?? "", description, choices: argChoices ?? [] })),
  }));

const scripts: Readonly<Record<Shell, (commands: readonly Completed[]) => string>> = {
  bash: (commands) => `_bnmc() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(choiceCases).join("")}  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(" ")}" ;;\n`).join("")}  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _bnmc bnmc`,
  zsh: (commands) => `#compdef bnmc
_bnmc() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}\n`).join("")}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands.map(zshCase).join("")}  esac
}
compdef _bnmc bnmc`,
  fish: (commands) => `complete -c bnmc -n __fish_use_subcommand -f
${commands.flatMap(fishLines).join("\n")}`,
};

const choiceCases = ({ name, options }: Completed): readonly string[] =>
  options
    .filter(({ choices }) => choices.length > 0)
    .map(({ flag, choices }) => `    "${name} ${flag}") COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$current")); return ;;\n`);

const zshCase = ({ name, options }: Completed): string => {
  const specs = options.map(({ flag, description, choices }) =>
    quote(`${flag}[${description.replaceAll(/[[\]:]/g, " ")}]${choices.length > 0 ? `:value:(${choices.join(" ")})` : ""}`),
  );
  return `    ${name}) _arguments ${[...specs, quote("*:file:_files")].join(" ")} ;;\n`;
};

const fishLines = ({ name, description, options }: Completed): readonly string[] => [
  `complete -c bnmc -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
  ...options.map(
    ({ flag, description: about, choices }) =>
      `complete -c bnmc -n "__fish_seen_subcommand_from ${name}" -l ${flag.replace("--", "")} -d ${quote(about)}${choices.length > 0 ? ` -xa ${quote(choices.join(" "))}` : ""}`,
  ),
];

/** One word for any of the three shells. */
const quote = (text: string): string => `'${text.replaceAll("'", " ")}'`;

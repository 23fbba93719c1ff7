/** Whose assembly it is: a name that no other emission has in a program, and that of the function. */
export interface AssemblyOwner {
  readonly prefix: string;
  readonly name: string;
}

/** Operands in the syntax of GCC's extended assembly, each list as it stands between colons. */
export interface AssemblyOperands {
  readonly outputs?: string;
  readonly clobbers?: string;
}

/**
 * The C statement that holds lines of assembly: a string a line, comments behind `#` as comments of C. A symbol of C is written
 * `&name` and becomes an operand: link time optimization renames what is static and may move it into another file of assembly.
 * Macros and symbols that a block defines are its own: they get the owner's names before theirs, and macros end with the block.
 */
export function assemblyStatement(lines: string, { outputs, clobbers }: AssemblyOperands, owner: AssemblyOwner): string {
  const parsed = lines
    .trimEnd()
    .split("\n")
    .map((line) => /^([^#]*?)\s*(?:#\s?(.*))?$/.exec(line)!);
  const code = parsed.map(([, text = ""]) => text).join("\n");
  const { macros, rename } = ownNames(code, `${owner.prefix}_${owner.name}_`);
  const symbols = [...new Set([...code.matchAll(symbol)].map(([, name]) => name!))].sort();
  const extended = symbols.length > 0 || outputs !== undefined;
  const written = (text: string): string => quote(extended ? rename(text).replaceAll("%", "%%").replace(symbol, "%[$1]") : rename(text));
  const quoted = parsed.map(([, text = "", comment]) => {
    const note = comment === undefined ? "" : `/* ${comment} */`;
    return text.trim() === "" ? `    ${note}`.trimEnd() : `    ${written(text)} ${note}`;
  });
  const body = [...quoted, ...macros.map((name) => `    ${quote(`    .purgem ${name}`)}`)].join("\n");
  if (!extended) return `__asm__(\n${body}\n);\n`;
  const lists = [outputs ?? "", symbols.map((name) => `[${name}] "i"(${name})`).join(", "), ...(clobbers === undefined ? [] : [clobbers])];
  return `__asm__ volatile(\n${body}\n${lists.map((list) => `    : ${list}`.trimEnd()).join("\n")});\n`;
}

const symbol = /&([A-Za-z_]\w*)/g;

const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}\\n"`;

/** What a block defines by `.macro` and `.set`, and how a line of it says these names. */
function ownNames(code: string, prefix: string): { readonly macros: readonly string[]; readonly rename: (line: string) => string } {
  const defined = (directive: string): readonly string[] => [
    ...new Set([...code.matchAll(new RegExp(`^\\s*\\.${directive}\\s+(\\w+)`, "gm"))].map(([, name]) => name!)),
  ];
  const macros = defined("macro");
  // A macro is called where instructions stand: an argument may have its name.
  const call = new RegExp(`^(\\s*(?:\\d+:\\s*)?(?:\\.macro\\s+)?)(${macros.join("|")})(?=\\s|$)`);
  const variable = new RegExp(`(?<![\\\\\\w.])(${defined("set").join("|")})(?!\\w)`, "g");
  const named = (line: string): string => (macros.length === 0 ? line : line.replace(call, `$1${prefix}$2`));
  return {
    macros: macros.map((name) => prefix + name),
    rename: (line) => (/\.set\b/.test(code) ? named(line).replace(variable, `${prefix}$1`) : named(line)),
  };
}

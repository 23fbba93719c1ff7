import type { Target } from "#compiler/ir/target.js";
import { Failure } from "../failure.js";
import { run } from "./process.js";

/** A C compiler that runs on this machine. */
export interface Compiler {
  readonly command: string;
  /** The first line of `--version`. */
  readonly version: string;
  /** The target's flags, with those of this compiler's dialect. */
  readonly flags: readonly string[];
}

/** The first of the target's compilers that there is; for the host, what the environment's CC names goes first. */
export function findCompiler(target: Target): Compiler | undefined {
  const named = target.core === "c99" ? process.env.CC : undefined;
  for (const command of named === undefined || named === "" ? target.compilers : [named]) {
    const outcome = run(command, ["--version"]);
    if (outcome?.status === 0)
      return { command, version: outcome.stdout.toString().split("\n")[0]!, flags: [...target.flags, ...dialectFlags(command, target)] };
  }
  return undefined;
}

/** What a compiler has to be told beside the target's flags, by its age. */
function dialectFlags(command: string, { dialects = [] }: Target): readonly string[] {
  if (dialects.length === 0) return [];
  const major = Number.parseInt(run(command, ["-dumpversion"])?.stdout.toString() ?? "");
  return dialects.find(({ since }) => since <= major)?.flags ?? [];
}

/** As `findCompiler`; throws a `Failure` that says what to install when there is none. */
export function needCompiler(target: Target): Compiler {
  const compiler = findCompiler(target);
  if (compiler !== undefined) return compiler;
  const named = target.core === "c99" ? process.env.CC : undefined;
  const why = named ? `CC names ${named}, which does not run` : `none of ${target.compilers.join(", ")} is installed`;
  throw new Failure(`there is no C compiler for ${target.name}: ${why}`, target.install);
}

export interface Compilation {
  readonly sources: readonly string[];
  readonly output: string;
  /** Beside the target's. */
  readonly flags?: readonly string[];
  /** What relative paths start from; here by default. */
  readonly folder?: string;
}

/** Whether a compiler speaks of parts of its own that are missing, of the disk or of memory, and not of the code. */
const isBroken = (said: string): boolean =>
  /cannot execute|error trying to exec|No space left on device|[Mm]emory exhausted|out of memory|cannot allocate memory|Killed signal/i.test(
    said,
  );

/** Compiles or links; throws a `Failure` with what the compiler said. Returns its warnings. */
export function compile({ command, flags }: Compiler, { sources, output, flags: more = [], folder }: Compilation): string {
  const outcome = run(command, [...flags, ...more, ...sources, "-o", output], folder === undefined ? {} : { cwd: folder });
  if (outcome?.status === 0) return outcome.stderr;
  const said = outcome?.stderr ?? "";
  throw new Failure(
    `${command} does not compile the emitted C:\n${said}`,
    isBroken(said)
      ? `see to ${command} and its surroundings: it did not get as far as the code`
      : "this is a mistake of bnmc: please report it with the model",
  );
}

import { join } from "node:path";
import type { Target } from "#compiler/ir/target.js";
import { Failure } from "../failure.js";
import { inTemporaryFolder, readBytes, readText, writeFile } from "../host.js";
import { type Compiler, compile, needCompiler } from "../toolchain/cc.js";
import { foreignCode, toolOutput } from "../toolchain/inspect.js";
import { chipOf, type Sources } from "./sources.js";

/** A firmware as tools leave it. */
export interface Linked {
  readonly compiler: Compiler;
  readonly elf: Uint8Array;
  /** What is programmed, from the start of flash. */
  readonly bin: Uint8Array;
  readonly hex: Uint8Array;
  readonly map: string;
  /** Stack use and calls of every C file, as GCC describes them. */
  readonly callGraphs: readonly string[];
}

/**
 * Sections by function and object let the linker drop what is not used; functions stay functions,
 * each for itself, so that sizes, stacks and cycles have names; loops stay loops, since there is no library to call.
 */
const compilerFlags = [
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-inline-functions-called-once",
  "-fno-inline-small-functions",
  "-fno-ipa-icf",
  "-fno-tree-loop-distribute-patterns",
];

export const linkerFlags = ["-nostdlib", "-Lfirmware", "-Tfirmware/link.ld", "-Wl,--gc-sections"];

/** The flags for the sources of a firmware beside the target's own. */
export function firmwareFlags(target: Target): readonly string[] {
  const { flash } = chipOf(target);
  return [...compilerFlags, `-DCLOCK_HZ=${target.clockHz ?? 0}`, `-DFLASH_WAIT_STATES=${flash.waitStates}`, "-I.", "-Ifirmware"];
}

export const compiledPaths = (sources: Sources): readonly string[] => [...sources.keys()].filter((path) => /\.[cS]$/.test(path));

/**
 * Compiles and links a firmware. One that is too big for the memories is linked all the same, to be measured. Throws a
 * `Failure` when there is no compiler or the result holds what the chip cannot run.
 */
export function link(sources: Sources, target: Target): Linked {
  const compiler = needCompiler(target);
  return inTemporaryFolder((folder) => {
    for (const [path, text] of sources) writeFile(join(folder, path), text);
    const objects = compiledPaths(sources).map((path) => compileOne(compiler, target, folder, path));
    const output = "image.elf";
    const more = ["-Wl,--noinhibit-exec", "-Wl,-Map=image.map"];
    compile(compiler, { sources: objects, output, flags: [...linkerFlags, ...more], folder });
    const elf = join(folder, output);
    const foreign = foreignCode(compiler, elf, target.multiplies);
    if (foreign.length > 0)
      throw new Failure(
        `${target.name} cannot run this firmware: ${foreign.join(", ")}`,
        "this is a mistake of bnmc: please report it with the model",
      );
    return {
      compiler,
      elf: readBytes(elf),
      bin: converted(compiler, elf, "binary"),
      hex: converted(compiler, elf, "ihex"),
      map: readText(join(folder, "image.map")),
      callGraphs: objects.filter((path) => !path.endsWith("startup.o")).map((path) => readText(join(folder, path.replace(/\.o$/, ".ci")))),
    };
  });
}

function compileOne(compiler: Compiler, target: Target, folder: string, path: string): string {
  const output = path.replace(/\.[cS]$/, ".o");
  const describing = path.endsWith(".c") ? ["-fcallgraph-info=su"] : [];
  compile(compiler, { sources: [path], output, flags: [...firmwareFlags(target), ...describing, "-c"], folder });
  return output;
}

function converted(compiler: Compiler, elf: string, format: string): Uint8Array {
  const output = `${elf}.${format}`;
  toolOutput(compiler, "objcopy", ["-O", format, elf, output]);
  return readBytes(output);
}

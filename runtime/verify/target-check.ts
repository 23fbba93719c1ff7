import { join } from "node:path";
import type { Emission } from "#compiler/ir/emission.js";
import type { Target } from "#compiler/ir/target.js";
import { type CallGraph, readCallGraph } from "../firmware/call-graph.js";
import { fileExists, inTemporaryFolder, readText, writeFile } from "../host.js";
import { compile, findCompiler } from "../toolchain/cc.js";
import { foreignCode, type Sizes, sizesOf } from "../toolchain/inspect.js";

/** What the target's own compiler makes of an emission. */
export interface TargetCheck {
  readonly compiler: string;
  /** Of the object: code and weights are its text. */
  readonly sizes: Sizes;
  /** Instructions and calls that the chip cannot run; none is right. */
  readonly foreign: readonly string[];
  readonly warnings: string;
  /** What its functions take of the stack and call, with `-fcallgraph-info=su` among the flags. */
  readonly calls: CallGraph;
}

/**
 * Compiles an emission for its target and looks into the object; undefined when there is no compiler for it. `taken` is for
 * `readCallGraph`.
 */
export function checkForTarget(
  emission: Emission,
  target: Target,
  flags: readonly string[] = [],
  taken?: ReadonlyMap<string, number>,
): TargetCheck | undefined {
  const compiler = findCompiler(target);
  if (compiler === undefined) return undefined;
  return inTemporaryFolder((folder) => {
    for (const [path, text] of emission) writeFile(join(folder, path), text);
    const sources = [...emission.keys()].filter((path) => path.endsWith(".c")).map((path) => join(folder, path));
    const object = join(folder, "model.o");
    const warnings = compile(compiler, { sources, output: object, flags: ["-c", `-I${folder}`, ...flags] });
    return {
      compiler: compiler.version,
      sizes: sizesOf(compiler, object),
      foreign: foreignCode(compiler, object, target.multiplies),
      warnings,
      calls: callsIn(join(folder, "model.ci"), taken),
    };
  });
}

const callsIn = (path: string, taken?: ReadonlyMap<string, number>): CallGraph =>
  readCallGraph(fileExists(path) ? [readText(path)] : [], taken);

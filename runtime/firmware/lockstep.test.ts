import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emit } from "#compiler/emit/emit.js";
import type { Plan } from "#compiler/ir/plan.js";
import { plan } from "#compiler/plan/plan.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { defaultWeights, deploymentOf, examine, networkIn } from "../cli/project.js";
import { fileExists, inTemporaryFolder, packageRoot, readBytes, writeFile } from "../host.js";
import { createMachine, loadElf } from "../simulator/index.js";
import { difference, trace } from "../simulator/testing/lockstep.js";
import { isWhole, qemuRam, qemuVersion, traceInQemu } from "../simulator/testing/qemu.js";
import { qingKeV2, rv32ec } from "../simulator/testing/program.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { compile, findCompiler } from "../toolchain/cc.js";
import { toolOutput } from "../toolchain/inspect.js";
import { loadWeights } from "../weights/weights.js";

/**
 * The published models' own code, as they are deployed, compiled for the chip and linked into the RAM of QEMU's `virt` machine:
 * it takes the same course there and on the simulator, all registers, instruction by instruction.
 */
const models = join(packageRoot, "models");
const virt = fileURLToPath(new URL("testing/virt/", import.meta.url));
const target = loadTarget("ch32v003");
const compiler = findCompiler(target);
const runnable = compiler !== undefined && qemuVersion() !== undefined;
/** Enough for a few neurons of each layer of small nets, and for the first layer of large ones. */
const steps = 40_000;

const published = readdirSync(models)
  .filter((file) => file.endsWith(".bnm"))
  .map((file) => examine(join(models, file)))
  .filter((project) => fileExists(defaultWeights(project, networkIn(project), {})));

/** One inference of an input that activates about half of the net. */
const mainOf = ({ network, entry }: Plan): string => {
  const source = random(1, "lockstep", network.name);
  const size = network.layers[0]!.type.shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: size }, () => Math.max(-128, source.below(256) - 128));
  return `#include "${network.name}.h"\nstatic int8_t input[] = {${values.join(", ")}};\nint main(void) { return ${entry}(input, 0); }\n`;
};

/** The program as an ELF file and as bytes from the start of RAM. */
function build(files: ReadonlyMap<string, string>): { readonly elf: Uint8Array; readonly bytes: Uint8Array } {
  return inTemporaryFolder((folder) => {
    for (const [path, text] of files) writeFile(join(folder, path), text);
    const sources = [join(virt, "start.S"), ...[...files.keys()].filter((path) => path.endsWith(".c")).map((path) => join(folder, path))];
    const output = join(folder, "program.elf");
    compile(compiler!, { sources, output, flags: ["-nostdlib", `-I${folder}`, `-T${join(virt, "link.ld")}`, "-lgcc"] });
    toolOutput(compiler!, "objcopy", ["-O", "binary", output, `${output}.bin`]);
    return { elf: readBytes(output), bytes: readBytes(`${output}.bin`) };
  });
}

const title = `takes the same course as in QEMU for ${steps} instructions${runnable ? "" : " (needs gcc-riscv64-unknown-elf and qemu-system-misc)"}`;

test.skipIf(!runnable).each(published.map((project) => [networkIn(project).name, project] as const))(`%s ${title}`, (_, project) => {
  const network = networkIn(project);
  const { weights } = loadWeights(network, defaultWeights(project, network, {}));
  const chosen = plan(network, target, deploymentOf(project, network, target.name), { levels: quantizeWeights(network, weights) }).value!;
  const emission = emit(chosen, weights, loadTemplates(), {
    model: "",
    weights: "",
    params: {},
    version: "",
    command: "",
    classes: [],
    preparation: [],
  });
  const { elf, bytes } = build(new Map([...emission, ["main.c", mainOf(chosen)]]));
  const memory = { name: "ram", base: qemuRam, size: 0x10000, writable: true, waitStates: 0 };
  const machine = createMachine({ image: loadElf(elf), isa: rv32ec, memories: [memory], timing: qingKeV2 });
  machine.write(qemuRam + bytes.length, new Uint8Array(memory.size - bytes.length));
  const theirs = traceInQemu(bytes, steps);
  // The quickest models end before that many.
  expect(theirs.length === steps || isWhole(theirs)).toBe(true);
  expect(difference(trace(machine, theirs.length), theirs)).toBe("");
});

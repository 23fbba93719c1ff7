import { join } from "node:path";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import type { Target } from "#compiler/ir/target.js";
import { sizeOf } from "#compiler/ir/types.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { checksumOf } from "../../firmware/demo.js";
import { linkerFlags } from "../../firmware/link.js";
import { machineOf } from "../../firmware/machine.js";
import { chipSources } from "../../firmware/sources.js";
import { inTemporaryFolder, readBytes, writeFile } from "../../host.js";
import { loadElf, symbolAddress } from "../../simulator/index.js";
import { loadTemplates } from "../../templates.js";
import type { Case } from "../../verify/testing/agreement.js";
import type { Compiler } from "../cc.js";
import { run } from "../process.js";

const templates = loadTemplates();

/** Of each case, the first of its inputs: the extremes, and noise. */
const count = 6;

/** The chip with memories in which many models have room. */
export function spacious(target: Target): Target {
  const { flash, ram } = target.chip!;
  return { ...target, chip: { ...target.chip!, flash: { ...flash, bytes: 1 << 20 }, ram: { ...ram, bytes: 1 << 18 } } };
}

/** How the models of an image are compiled. */
export interface Way {
  /** The chip's own, which compiles all else and links. */
  readonly gcc: Compiler;
  readonly compiler: Compiler;
  readonly flags: readonly string[];
}

/**
 * Links all cases and a program that runs each on some inputs into one image, without any library, and runs that on the simulated
 * chip. The names of the cases that did not give the reference's logits, or what the compiler or the linker said.
 */
export function wrongOnChip(cases: readonly Case[], target: Target, { gcc, compiler, flags }: Way): string {
  return inTemporaryFolder((folder) => {
    const own = [...chipSources(target), ["main.c", mainOf(cases)] as const];
    const emitted = cases.flatMap(({ plan, weights }) => [...emit(plan, weights, templates, provenance)]);
    for (const [path, text] of [...own, ...emitted]) writeFile(join(folder, path), text);
    const said: string[] = [];
    const compiled = (command: string, told: readonly string[], files: readonly (readonly [string, string])[]): readonly string[] => {
      const paths = files.map(([path]) => path).filter((path) => /\.[cS]$/.test(path));
      said.push(run(command, [...told, "-ffreestanding", "-c", ...paths], { cwd: folder })!.stderr);
      return paths.map((path) => path.replace(/^.*\//, "").replace(/\.[cS]$/, ".o"));
    };
    const clock = [`-DCLOCK_HZ=${target.clockHz!}`, `-DFLASH_WAIT_STATES=${target.chip!.flash.waitStates}`, "-I.", "-Ifirmware"];
    const objects = [
      ...compiled(gcc.command, [...gcc.flags, "-Os", "-fno-tree-loop-distribute-patterns", ...clock], own),
      ...compiled(compiler.command, [...compiler.flags, ...flags], emitted),
    ];
    const linked = [
      ...gcc.flags,
      ...(compiler === gcc ? flags.filter((flag) => /^-(O|flto)/.test(flag)) : []),
      ...linkerFlags,
      "-Wl,--no-warn-rwx-segments",
    ];
    said.push(run(gcc.command, [...linked, ...objects, "-o", "image.elf"], { cwd: folder })!.stderr);
    const complaints = said.join("").replace(/^lto-wrapper: (warning: using serial|note: ).*\n/gm, "");
    if (complaints !== "") return complaints;
    const image = loadElf(readBytes(join(folder, "image.elf")), "image.elf");
    const machine = machineOf(target, image);
    const reason = machine.run({ maxInstructions: 1e9 });
    if (reason !== "idle") return `stopped with ${reason}`;
    const { buffer } = machine.read(symbolAddress(image, "wrong")!, 4 * cases.length);
    return [...new Uint32Array(buffer)]
      .flatMap((wrong, at) => (wrong === 0 ? [] : [`${cases[at]!.plan.network.name}: ${wrong} of ${count}`]))
      .join("\n");
  });
}

function mainOf(cases: readonly Case[]): string {
  const parts = cases.map((each, at) => {
    const {
      plan: { network, entry },
      weights,
      inputs,
    } = each;
    const size = sizeOf(network.layers[0]!.type.shape);
    const infer = interpreter(network, quantizeWeights(network, weights));
    const samples = Array.from({ length: count }, (_, sample) => inputs.subarray(sample * size, (sample + 1) * size));
    const logits = samples.map((sample) => infer(sample));
    return {
      declared: [
        `#include "${network.name}.h"`,
        `static const int8_t inputs${at}[] = { ${samples.flatMap((sample) => [...sample]).join(",")} };`,
        `static const uint32_t checksums${at}[] = { ${logits.map((sums) => `${checksumOf(sums)}u`).join(", ")} };`,
        `static int run${at}(int8_t *input, int32_t *logits) { return ${entry}(input, logits); }`,
      ],
      called: `    wrong[${at}] = count(run${at}, inputs${at}, ${size}, checksums${at}, ${logits[0]!.length});`,
    };
  });
  return [
    ...parts.flatMap(({ declared }) => declared),
    `volatile uint32_t wrong[${cases.length}];`,
    "uintptr_t __stack_chk_guard = 0x55AA;",
    "void __stack_chk_fail(void) { wrong[0] = 999; for (;;) {} }",
    "void __cyg_profile_func_enter(void *function, void *site) { (void)function; (void)site; }",
    "void __cyg_profile_func_exit(void *function, void *site) { (void)function; (void)site; }",
    "static int8_t input[1024];",
    "static int32_t logits[64];",
    "static uint32_t count(int (*run)(int8_t *, int32_t *), const int8_t *inputs, unsigned size, const uint32_t *checksums, int classes)",
    "{",
    "    uint32_t differ = 0;",
    `    for (int sample = 0; sample < ${count}; sample++) {`,
    "        uint32_t sum = 0;",
    "        for (unsigned i = 0; i < size; i++) input[i] = *inputs++;",
    "        run(input, logits);",
    "        for (int i = 0; i < classes; i++) sum = (sum << 5 | sum >> 27) + (uint32_t)logits[i];",
    "        differ += sum != checksums[sample];",
    "    }",
    "    return differ;",
    "}",
    "int main(void)",
    "{",
    ...parts.map(({ called }) => called),
    "    return 0;",
    "}",
    "",
  ].join("\n");
}

import { join } from "node:path";
import { expect } from "vitest";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import type { Weights } from "#compiler/ir/weights.js";
import { classOf, interpreter, quantizeWeights } from "#compiler/reference/run.js";
import { inTemporaryFolder, writeFile } from "../../host.js";
import { loadTarget } from "../../targets.js";
import { loadTemplates } from "../../templates.js";
import { compile, findCompiler } from "../../toolchain/cc.js";
import { run } from "../../toolchain/process.js";

const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-O1"];
const sanitizers = ["-fsanitize=undefined,address", "-fno-sanitize-recover=all"];
const templates = loadTemplates();

/** The system's compiler, which runs the C of every target. */
export const compiler = findCompiler(loadTarget("host"));

/** How many inputs each net is run on. */
export const samples = 24;

/** A net as some target runs it, named differently from all others. */
export interface Case {
  readonly plan: Plan;
  readonly weights: Weights;
  /** `samples` of them. */
  readonly inputs: Int8Array;
}

/**
 * Holds the C of all cases against the reference, bit for bit, under the sanitizers. All nets are linked into one
 * program, which also shows that models do not collide.
 */
export function expectAgreement(cases: readonly Case[]): void {
  inTemporaryFolder((folder) => {
    const sources = cases.flatMap(({ plan, weights }) => [...emit(plan, weights, templates, provenance)]);
    for (const [path, text] of [...sources, ["driver.c", driver(cases)] as const]) writeFile(join(folder, path), text);
    const program = join(folder, "program");
    const files = [...sources.map(([path]) => path).filter((path) => path.endsWith(".c")), "driver.c"];
    const warnings = compile(compiler!, { sources: files.map((file) => join(folder, file)), output: program, flags: [...strict, ...sanitizers, `-I${folder}`] });
    expect(warnings).toBe("");
    for (const each of cases) expect(answersOf(program, each), each.plan.network.name).toEqual(referenceOf(each));
  });
}

/** Runs the net that its argument names on all inputs from stdin; answers class, class without logits, logits. */
function driver(cases: readonly Case[]): string {
  const rows = cases.map(({ plan: { entry, network, steps } }) => {
    const kept = runsOf(steps).every(({ writes }) => writes.memory !== "input");
    const prefix = network.name.toUpperCase();
    return `    if (strcmp(name, "${network.name}") == 0) return serve(${entry}, ${prefix}_INPUTS, ${prefix}_CLASSES, ${Number(kept)});`;
  });
  return [
    "#include <stdio.h>\n#include <string.h>",
    ...cases.map(({ plan }) => `#include "${plan.network.name}.h"`),
    "static int serve(int (*infer)(int8_t *, int32_t *), size_t inputs, size_t classes, int kept)\n{",
    "    int8_t input[inputs], before[inputs];\n    int32_t answer[2 + classes];",
    "    while (fread(input, inputs, 1, stdin) == 1) {\n        memcpy(before, input, inputs);",
    "        answer[0] = infer(input, answer + 2);",
    "        if (kept && memcmp(before, input, inputs) != 0) return 2;\n        memcpy(input, before, inputs);",
    "        answer[1] = infer(input, NULL);",
    "        fwrite(answer, sizeof answer, 1, stdout);\n    }\n    return 0;\n}",
    "int main(int count, char **arguments)\n{\n    const char *const name = count > 1 ? arguments[1] : \"\";",
    ...rows,
    "    return 1;\n}\n",
  ].join("\n");
}

function answersOf(program: string, { plan, inputs }: Case): readonly (readonly number[])[] {
  const outcome = run(program, [plan.network.name], { input: new Uint8Array(inputs.buffer) })!;
  if (outcome.status !== 0) throw new Error(`${plan.network.name}: ${outcome.stderr}`);
  const numbers = [...new Int32Array(outcome.stdout.buffer.slice(outcome.stdout.byteOffset, outcome.stdout.byteOffset + outcome.stdout.length))];
  const width = numbers.length / samples;
  return Array.from({ length: samples }, (_, sample) => numbers.slice(sample * width, (sample + 1) * width));
}

function referenceOf({ plan: { network }, weights, inputs }: Case): readonly (readonly number[])[] {
  const infer = interpreter(network, quantizeWeights(network, weights));
  const size = inputs.length / samples;
  return Array.from({ length: samples }, (_, sample) => {
    const logits = infer(inputs.subarray(sample * size, (sample + 1) * size));
    return [classOf(logits), classOf(logits), ...logits];
  });
}

import { join } from "node:path";
import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Kernel } from "#compiler/catalog/kernel.js";
import { emit } from "#compiler/emit/emit.js";
import type { Plan } from "#compiler/ir/plan.js";
import { runsOf } from "#compiler/ir/plan.js";
import type { Target } from "#compiler/ir/target.js";
import type { Weights } from "#compiler/ir/weights.js";
import { random } from "#compiler/random.js";
import { classOf, interpreter, quantizeWeights } from "#compiler/reference/run.js";
import { inTemporaryFolder, writeFile } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { compile, findCompiler } from "../toolchain/cc.js";
import { run } from "../toolchain/process.js";

/**
 * The C of every kernel is the reference, bit for bit: for every weight format that it bids for, on both targets, with
 * random shapes (rows that do not fill words among them) and extreme inputs, under the sanitizers. All nets are linked
 * into one program, which also shows that models do not collide.
 */
const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-O1"];
const sanitizers = ["-fsanitize=undefined,address", "-fno-sanitize-recover=all"];
const samples = 24;
const templates = loadTemplates();
const targets = ["host", "ch32v003"].map(loadTarget);
const compiler = findCompiler(targets[0]!);

interface Case {
  readonly plan: Plan;
  readonly weights: Weights;
  readonly inputs: Int8Array;
}

const servesDense = ({ serves }: Kernel): boolean => serves.some(([op]) => op === "dense");

/** One net for each format, kernel and target: three dense layers of random sizes, all on that kernel. */
const cases: readonly Case[] = targets.flatMap((target) => Object.keys(catalog.quantizers).flatMap((quantizer) => casesFor(target, quantizer)));

function casesFor(target: Target, quantizer: string): readonly Case[] {
  const draw = random("shapes", target.name, quantizer);
  const size = (): number => 1 + draw.below([1, 12, 40, 100][draw.below(4)]!);
  const shaped = (name: string) =>
    perceptron({ name, input: [size(), size()], layers: [[size(), quantizer], [size(), quantizer], [size(), quantizer]] });
  const kernels = Object.values(catalog.kernels).filter((kernel) => servesDense(kernel));
  return kernels.flatMap((kernel): readonly Case[] => {
    const network = shaped(`${target.name}_${quantizer}_${kernel.name}`.replaceAll("-", "_"));
    let bids = true;
    const plan = forcedPlan(network, target, (offers) => {
      const wanted = offers.find((bid) => bid.kernel === kernel) ?? offers[0]!;
      bids &&= wanted.kernel === kernel || !servesDense(wanted.kernel);
      return wanted;
    });
    return bids ? [{ plan, weights: seededWeights(network), inputs: seededInputs(network, samples) }] : [];
  });
}

/** Runs the net that its argument names on all inputs from stdin; answers class, class without logits, logits. */
function driver(): string {
  const rows = cases.map(({ plan: { entry, network } }) => {
    const prefix = network.name.toUpperCase();
    return `    if (strcmp(name, "${network.name}") == 0) return serve(${entry}, ${prefix}_INPUTS, ${prefix}_CLASSES);`;
  });
  return [
    "#include <stdio.h>\n#include <string.h>",
    ...cases.map(({ plan }) => `#include "${plan.network.name}.h"`),
    "static int serve(int (*infer)(int8_t *, int32_t *), size_t inputs, size_t classes)\n{",
    "    int8_t input[inputs], before[inputs];\n    int32_t answer[2 + classes];",
    "    while (fread(input, inputs, 1, stdin) == 1) {\n        memcpy(before, input, inputs);",
    "        answer[0] = infer(input, answer + 2);\n        answer[1] = infer(input, NULL);",
    "        if (memcmp(before, input, inputs) != 0) return 2;",
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

test("every format runs on both targets, and every dense kernel runs some format", () => {
  const ran = new Set(cases.flatMap(({ plan }) => runsOf(plan.steps).map(({ kernel }) => kernel)));
  expect([...ran].sort()).toEqual(Object.keys(catalog.kernels).sort());
  for (const target of targets) {
    const formats = new Set(cases.filter(({ plan }) => plan.target === target).map(({ plan }) => plan.network.layers[2]!.weights!.quantizer));
    expect([...formats].sort()).toEqual(Object.keys(catalog.quantizers).sort());
  }
});

test.skipIf(compiler === undefined)("every kernel agrees with the reference under the sanitizers, all models in one program", () => {
  inTemporaryFolder((folder) => {
    const sources = cases.flatMap(({ plan, weights }) => [...emit(plan, weights, templates, provenance)]);
    for (const [path, text] of [...sources, ["driver.c", driver()] as const]) writeFile(join(folder, path), text);
    const program = join(folder, "program");
    const files = [...sources.map(([path]) => path).filter((path) => path.endsWith(".c")), "driver.c"];
    const warnings = compile(compiler!, { sources: files.map((file) => join(folder, file)), output: program, flags: [...strict, ...sanitizers, `-I${folder}`] });
    expect(warnings).toBe("");
    for (const each of cases) expect(answersOf(program, each), each.plan.network.name).toEqual(referenceOf(each));
  });
});

import { join } from "node:path";
import { provenance } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import type { Emission } from "#compiler/ir/emission.js";
import { type Plan, runsOf } from "#compiler/ir/plan.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { classOf, interpreter } from "#compiler/reference/run.js";
import { inTemporaryFolder, writeFile } from "../../host.js";
import { loadTarget } from "../../targets.js";
import { loadTemplates } from "../../templates.js";
import { compile, findCompiler } from "../../toolchain/cc.js";
import { run } from "../../toolchain/process.js";

const templates = loadTemplates();

/** The system's compiler, which runs the C of every target. */
export const compiler = findCompiler(loadTarget("host"));

/** What makes a program end where C does not say what it does. */
export const sanitizers = ["-fsanitize=undefined,address", "-fno-sanitize-recover=all"];

/** A net as some target runs it, named differently from all others. */
export interface Case {
  readonly plan: Plan;
  readonly weights: Weights;
  /** One after the other. */
  readonly inputs: Int8Array;
}

/** Of one input: the class, the class when no logits are asked for, the logits. */
export type Row = readonly number[];

/** What programs for many nets gave. */
export interface HostRun {
  readonly warnings: string;
  /** By the name of the net, for each input; what it said on stderr where it did not come to its end. */
  readonly answers: ReadonlyMap<string, readonly Row[] | string>;
}

/** The C of a case, without an origin. */
export const emissionOf = ({ plan, weights }: Case): Emission => emit(plan, weights, templates, provenance);

/** Compiles all cases into one program, whatever their targets, and runs each on its inputs for so many seconds at most. */
export function runOnHost(
  cases: readonly Case[],
  flags: readonly string[],
  seconds: number,
  emissionFor: (one: Case) => Emission = emissionOf,
): HostRun {
  return inTemporaryFolder((folder) => {
    const sources = cases.flatMap((one) => [...emissionFor(one)]);
    for (const [path, text] of [...sources, ["driver.c", driver(cases)] as const]) writeFile(join(folder, path), text);
    const program = join(folder, "program");
    const files = [...sources.map(([path]) => path).filter((path) => path.endsWith(".c")), "driver.c"];
    const warnings = compile(compiler!, {
      sources: files.map((file) => join(folder, file)),
      output: program,
      flags: [...flags, `-I${folder}`],
    });
    return { warnings, answers: new Map(cases.map((one) => [one.plan.network.name, answersOf(program, one, seconds)])) };
  });
}

/** Runs the net that its argument names on all inputs from stdin; answers class, class without logits, logits. */
function driver(cases: readonly Case[]): string {
  // An entry that keeps its input takes it as const.
  const calls = cases.map(
    ({ plan: { entry } }) => `static int call_${entry}(int8_t *input, int32_t *logits) { return ${entry}(input, logits); }`,
  );
  const rows = cases.map(({ plan: { entry, network, steps } }) => {
    const kept = runsOf(steps).every(({ writes }) => writes.memory !== "input");
    const prefix = network.name.toUpperCase();
    return `    if (strcmp(name, "${network.name}") == 0) return serve(call_${entry}, ${prefix}_INPUTS, ${prefix}_CLASSES, ${Number(kept)});`;
  });
  return [
    "#include <stdio.h>\n#include <string.h>",
    ...cases.map(({ plan }) => `#include "${plan.network.name}.h"`),
    ...calls,
    "static int serve(int (*infer)(int8_t *, int32_t *), size_t inputs, size_t classes, int kept)\n{",
    "    int8_t input[inputs], before[inputs];\n    int32_t answer[2 + classes];",
    "    while (fread(input, inputs, 1, stdin) == 1) {\n        memcpy(before, input, inputs);",
    "        answer[0] = infer(input, answer + 2);",
    '        if (kept && memcmp(before, input, inputs) != 0) {\n            fputs("the input is not kept", stderr);\n            return 2;\n        }',
    "        memcpy(input, before, inputs);",
    "        answer[1] = infer(input, NULL);",
    "        fwrite(answer, sizeof answer, 1, stdout);\n    }\n    return 0;\n}",
    'int main(int count, char **arguments)\n{\n    const char *const name = count > 1 ? arguments[1] : "";',
    ...rows,
    "    return 1;\n}\n",
  ].join("\n");
}

function answersOf(program: string, one: Case, seconds: number): readonly Row[] | string {
  const { network } = one.plan;
  const outcome = run(program, [network.name], {
    input: new Uint8Array(one.inputs.buffer, one.inputs.byteOffset, one.inputs.length),
    seconds,
  });
  if (outcome?.status !== 0) return outcome?.stderr || `it ended with ${outcome?.status}`;
  const numbers = [
    ...new Int32Array(outcome.stdout.buffer.slice(outcome.stdout.byteOffset, outcome.stdout.byteOffset + outcome.stdout.length)),
  ];
  const count = samplesOf(one);
  const width = numbers.length / count;
  return Array.from({ length: count }, (_, sample) => numbers.slice(sample * width, (sample + 1) * width));
}

/** A net with inputs, however it is run. */
interface Given extends Omit<Case, "plan"> {
  readonly plan: Pick<Plan, "network">;
}

/** How many inputs a case has. */
export const samplesOf = ({ plan: { network }, inputs }: Given): number => inputs.length / sizeOf(network.layers[0]!.type.shape);

/** What a case should give. */
export function referenceRows(one: Given): readonly Row[] {
  const {
    plan: { network },
    weights,
    inputs,
  } = one;
  const infer = interpreter(network, quantizeWeights(network, weights));
  const size = inputs.length / samplesOf(one);
  return Array.from({ length: samplesOf(one) }, (_, sample) => {
    const logits = infer(inputs.subarray(sample * size, (sample + 1) * size));
    return [classOf(logits), classOf(logits), ...logits];
  });
}

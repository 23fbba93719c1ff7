import { join } from "node:path";
import type { Emission, Templates } from "#compiler/ir/emission.js";
import type { Plan } from "#compiler/ir/plan.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { classOf } from "#compiler/reference/run.js";
import { fileName, macroPrefix } from "#compiler/ir/c-names.js";
import { renderer } from "#compiler/emit/render.js";
import { integerLogits } from "../evaluate/evaluate.js";
import { Failure } from "../failure.js";
import { inTemporaryFolder, writeFile } from "../host.js";
import { loadTarget } from "../targets.js";
import { compile, needCompiler } from "../toolchain/cc.js";
import { run } from "../toolchain/process.js";

/** The subject of a comparison: the emission of a plan with these weights, on `count` inputs, one after the other. */
export interface Subject {
  readonly plan: Plan;
  readonly weights: Weights;
  readonly emission: Emission;
  readonly templates: Templates;
  readonly inputs: Int8Array;
  readonly count: number;
  /** The sums of the reference for these inputs and more, where they are known already. */
  readonly expected?: Int32Array;
}

/** One input on which the C and the reference differ. */
export interface Mismatch {
  readonly sample: number;
  readonly expected: Answer;
  readonly found: Answer;
}

interface Answer {
  readonly class: number;
  /** The class when no logits are asked for. */
  readonly classAlone: number;
  readonly logits: readonly number[];
}

export interface Verification {
  readonly samples: number;
  readonly logits: number;
  /** How many samples have a wrong logit or class. */
  readonly mismatches: number;
  /** The first few of them. */
  readonly first: readonly Mismatch[];
  readonly compiler: string;
  readonly seconds: number;
}

const shown = 5;

/**
 * Compiles an emission with the system's compiler, whatever its target, runs all inputs through it and compares every
 * logit and every class with the reference interpreter.
 */
export function verifyOnHost(subject: Subject, flags: readonly string[] = []): Verification {
  const started = performance.now();
  const { network } = subject.plan;
  const host = loadTarget("host");
  const compiler = needCompiler(host);
  const output = inTemporaryFolder((folder) => {
    const files = [...subject.emission, ["agreement.c", driverOf(subject)] as const];
    for (const [path, text] of files) writeFile(join(folder, path), text);
    const sources = files.map(([path]) => path).filter((path) => path.endsWith(".c"));
    const program = join(folder, "agreement");
    compile(compiler, { sources: sources.map((path) => join(folder, path)), output: program, flags: [`-I${folder}`, ...flags] });
    const outcome = run(program, [], { input: new Uint8Array(subject.inputs.buffer, subject.inputs.byteOffset, subject.inputs.length) });
    if (outcome?.status === 0) return outcome.stdout;
    throw mistake(`the emitted C of ${network.name} fails: ${outcome?.stderr ?? ""}`);
  });
  const found = mismatchesOf(subject, output);
  return {
    samples: subject.count,
    logits: subject.count * classesOf(subject),
    mismatches: found.length,
    first: found.slice(0, shown),
    compiler: compiler.version,
    seconds: (performance.now() - started) / 1000,
  };
}

function driverOf({ plan: { network, entry }, templates }: Subject): string {
  return renderer(templates)("agreement.c.hbs", { header: `${fileName(network.name)}.h`, prefix: macroPrefix(network.name), entry });
}

const mistake = (message: string): Failure => new Failure(message, "this is a mistake of bnmc: please report it with the model");

const classesOf = ({ plan: { network } }: Subject): number => sizeOf(network.layers.find(({ id }) => id === network.result)!.type.shape);

/** Compares answers with the reference: for each input the class, the class asked for without logits, and the logits, all i32. */
export function mismatchesOf(subject: Subject, output: Buffer): readonly Mismatch[] {
  const {
    plan: { network },
    weights,
    inputs,
    count,
  } = subject;
  const classes = classesOf(subject);
  const width = 2 + classes;
  const answered = output.length / width / 4;
  if (answered !== count) throw mistake(`the emitted C of ${network.name} answered ${answered} of ${count} inputs`);
  const answers = new Int32Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
  const expected = subject.expected ?? integerLogits(network, weights, { count, size: inputs.length / count, values: inputs }).values;
  const found: Mismatch[] = [];
  for (let sample = 0; sample < count; sample++) {
    const logits = expected.subarray(sample * classes, (sample + 1) * classes);
    const answer = answers.subarray(sample * width, (sample + 1) * width);
    const best = classOf(logits);
    if (answer[0] === best && answer[1] === best && logits.every((logit, i) => logit === answer[2 + i])) continue;
    found.push({
      sample,
      expected: { class: best, classAlone: best, logits: [...logits] },
      found: { class: answer[0]!, classAlone: answer[1]!, logits: [...answer.subarray(2)] },
    });
  }
  return found;
}

import { type Command } from "commander";
import { checkForTarget, type TargetCheck } from "../verify/target-check.js";
import { type Mismatch, type Verification, verifyOnHost } from "../verify/verify.js";
import { emitTrained } from "./emission.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { Rejected, trainingOf } from "./project.js";
import { print, printJson, showBytes, style, tell } from "./terminal.js";
import { openData, openTrained, type TrainedOptions } from "./trained.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly data?: string;
  readonly samples?: number;
  readonly json?: boolean;
}

/** `bnmc verify FILE --target T`: the emitted C against the reference, every logit of the test set. */
export function addVerify(program: Command): void {
  program
    .command("verify")
    .description("compile the emitted C and compare every logit with the reference")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(weightsOption())
    .option("--samples <n>", "how many test samples (default: all)", wholeNumber(1))
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(verify);
}

async function verify(path: string, options: Options): Promise<void> {
  const trained = openTrained(path, options);
  const emitted = emitTrained(path, trained, options.target, options.set);
  const { dataset } = trainingOf(trained.project, trained.network);
  const { test } = await openData(trained.project, dataset, options.data);
  const count = Math.min(options.samples ?? test.count, test.count);
  const { plan, emission, templates, target } = emitted;
  const inputs = test.values.subarray(0, count * test.size);
  const verification = verifyOnHost({ plan, emission, templates, weights: trained.weights, inputs, count });
  const check = target.core === "c99" ? undefined : checkForTarget(emission, target);
  if (options.json) printJson({ model: trained.network.name, target: target.name, ...verification, check });
  else print(`${summary(verification)}\n`);
  if (target.core !== "c99") tell(describe(check, target.name, target.install));
  for (const mismatch of verification.first) tell(showMismatch(mismatch));
  if (verification.mismatches > 0 || (check?.foreign.length ?? 0) > 0) throw new Rejected();
}

const summary = ({ mismatches, samples, logits, compiler, seconds }: Verification): string =>
  `${mismatches} mismatches in ${samples} samples (${logits} logits, ${compiler}, ${seconds.toFixed(1)} s)`;

function describe(check: TargetCheck | undefined, target: string, install: string): string {
  if (check === undefined) return `${style("yellow", "not checked")}: how it compiles for ${target}, since there is no compiler for it; ${install}`;
  const { compiler, sizes, foreign } = check;
  const size = `${showBytes(sizes.text)} of code and weights, ${showBytes(sizes.data + sizes.bss)} of static RAM (${compiler})`;
  if (foreign.length === 0) return `${target}: every instruction is one that the chip has; ${size}`;
  return `${style("red", "error:")} ${target} cannot run: ${foreign.join(", ")}`;
}

const showMismatch = ({ sample, expected, found }: Mismatch): string =>
  `sample ${sample}: expected class ${expected.class} and ${expected.logits.join(" ")}, found ${found.class} and ${found.logits.join(" ")}`;

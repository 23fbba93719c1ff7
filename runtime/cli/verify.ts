import { type Command } from "commander";
import { checkForTarget, type TargetCheck } from "../verify/target-check.js";
import { type Mismatch, type Verification, verifyOnHost } from "../verify/verify.js";
import { emitTrained } from "./emission.js";
import { showClaim } from "./eval.js";
import { dataOption, jsonOption, modelOption, setOption, targetOption, weightsOption, wholeNumber } from "./options.js";
import { Rejected } from "./project.js";
import { print, printJson, showBytes, style, tell } from "./terminal.js";
import { openDataOf, openTrained, type TrainedOptions } from "./trained.js";
import { runOnChip } from "./verify-on-chip.js";

interface Options extends TrainedOptions {
  readonly target: string;
  readonly data?: string;
  readonly samples?: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

const usualOnChip = 200;

/** `bnmc verify FILE --target T`: the emitted C, and the linked firmware on the chip, against the reference, every logit. */
export function addVerify(program: Command): void {
  program
    .command("verify")
    .description("compile the emitted C and compare every logit with the reference")
    .argument("<file>", "a .bnm file")
    .addOption(targetOption())
    .addOption(weightsOption())
    .option("--samples <n>", `how many test samples (default: all, and ${usualOnChip} on the simulated chip)`, wholeNumber(1))
    .option("--all", "all test samples on the simulated chip, too")
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .addOption(jsonOption())
    .action(verify);
}

async function verify(path: string, options: Options): Promise<void> {
  const trained = openTrained(path, options);
  const emitted = emitTrained(path, trained, options.target, options.set);
  const data = await openDataOf(trained.project, trained.network, options.data, trained.provenance);
  const { test } = data;
  const count = Math.min(options.samples ?? test.count, test.count);
  const { plan, emission, templates, target } = emitted;
  const inputs = test.values.subarray(0, count * test.size);
  const verification = verifyOnHost({ plan, emission, templates, weights: trained.weights, inputs, count });
  const check = target.core === "c99" ? undefined : checkForTarget(emission, target);
  if (!options.json) print(`${summary(verification)}\n`);
  if (target.core !== "c99") tell(describe(check, target.name, target.install));
  const chip = runOnChip(trained, emitted, data, Math.min(options.samples ?? (options.all ? test.count : usualOnChip), test.count));
  if (options.json)
    printJson({
      model: trained.network.name,
      target: target.name,
      ...verification,
      check,
      chip: chip && { ...chip.verification, cycles: chip.cycles },
    });
  else if (chip?.verification !== undefined) print(chip.text);
  else if (chip !== undefined) tell(chip.text);
  for (const mismatch of [...verification.first, ...(chip?.verification?.first ?? [])]) tell(showMismatch(mismatch));
  for (const claim of chip?.claims ?? []) tell(showClaim(claim));
  const mismatches = verification.mismatches + (chip?.verification?.mismatches ?? 0);
  if (mismatches > 0 || (check?.foreign.length ?? 0) > 0 || chip?.claims.some(({ holds }) => !holds)) throw new Rejected();
}

const summary = ({ mismatches, samples, logits, compiler, seconds }: Verification): string =>
  `${mismatches} mismatches in ${samples} samples (${logits} logits, ${compiler}, ${seconds.toFixed(1)} s)`;

function describe(check: TargetCheck | undefined, target: string, install: string): string {
  if (check === undefined)
    return `${style("yellow", "not checked")}: whether it compiles for ${target} and runs there, since there is no compiler for it; ${install}`;
  const { compiler, sizes, foreign } = check;
  const size = `${showBytes(sizes.text)} of code and weights, ${showBytes(sizes.data + sizes.bss)} of static RAM (${compiler})`;
  if (foreign.length === 0) return `${target}: every instruction is one that the chip has; ${size}`;
  return `${style("red", "error:")} ${target} cannot run: ${foreign.join(", ")}`;
}

/** One line for a sample whose answer is wrong. */
export const showMismatch = ({ sample, expected, found }: Mismatch): string =>
  `sample ${sample}: expected class ${expected.class} and ${expected.logits.join(" ")}, found ${found.class} and ${found.logits.join(" ")}`;

import { type Command } from "commander";
import type { Evaluation } from "#compiler/catalog/claim.js";
import { spanText } from "#grammar/source.js";
import { type ClaimResult, decideClaims } from "../evaluate/claims.js";
import { accuracyOf, evaluationOf, integerLogits, recallsOf } from "../evaluate/evaluate.js";
import { npyOf } from "../evaluate/npy.js";
import { writeFile } from "../host.js";
import { dataOption, jsonOption, modelOption, setOption, weightsOption } from "./options.js";
import { checkOutput } from "./outputs.js";
import { Rejected, trainingOf } from "./project.js";
import { harmless, print, printJson, showPercent, style, tell } from "./terminal.js";
import { openDataOf, openTrained, type TrainedOptions } from "./trained.js";

interface Options extends TrainedOptions {
  readonly data?: string;
  readonly logits?: string;
  readonly json?: boolean;
}

/** `bnmc eval FILE`: what the integer model does on the test set. */
export function addEval(program: Command): void {
  program
    .command("eval")
    .description("measure the integer model on the test set")
    .argument("<file>", "a .bnm file")
    .addOption(weightsOption())
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(modelOption())
    .option("--logits <file>", "write all last-layer sums as .npy (int32, [samples, classes])")
    .addOption(jsonOption())
    .action(evaluateModel);
}

async function evaluateModel(path: string, options: Options): Promise<void> {
  const { project, network, weights, weightsPath, provenance } = openTrained(path, options);
  const { training } = trainingOf(project, network);
  const { test, classes } = await openDataOf(project, network, options.data, provenance);
  if (options.logits !== undefined) checkOutput(options.logits);
  const logits = integerLogits(network, weights, test);
  if (options.logits !== undefined) {
    writeFile(options.logits, npyOf(logits));
    tell(`wrote ${options.logits}`);
  }
  const evaluation = evaluationOf(logits, test.labels, classes);
  const claims = decideClaims(training.claims, evaluation);
  if (options.json) printJson({ model: network.name, weights: weightsPath, ...dataOf(evaluation), claims: claims.map(claimData) });
  else print(report(network.name, evaluation));
  for (const result of claims) tell(showClaim(result));
  if (claims.some(({ holds }) => !holds)) throw new Rejected();
}

const dataOf = (evaluation: Evaluation) => ({ ...evaluation, accuracy: accuracyOf(evaluation), recall: recallsOf(evaluation) });

const claimData = ({ claim, value, holds }: ClaimResult) => ({ claim: spanText(claim.origin), value, holds });

/** One line for a claim: met or not, with what was measured. */
export const showClaim = ({ claim, value, holds }: ClaimResult): string =>
  `${holds ? style("green", "met") : style("red", "not met")}: ${spanText(claim.origin)} (measured ${showMeasured(claim.dimension, value)})`;

function showMeasured(dimension: string, value: number): string {
  switch (dimension) {
    case "share":
      return showPercent(value);
    case "time":
      return `${(1000 * value).toFixed(2)} ms`;
    default:
      return String(value);
  }
}

function report(model: string, evaluation: Evaluation): string {
  const { samples, correct, confusion } = evaluation;
  const classes = evaluation.classes.map((name) => harmless(name.replace(/\s/g, " ")));
  const recalls = recallsOf(evaluation);
  const width = Math.max(6, ...classes.map((name) => name.length + 1), ...confusion.flat().map((times) => String(times).length + 1));
  const cell = (text: string | number): string => String(text).padStart(width);
  const nameWidth = Math.max(5, ...classes.map((name) => name.length));
  const rows = confusion.map((answers, truth) => {
    const recall = recalls[truth];
    const shown = answers.map((times) => cell(times === 0 ? "." : times)).join("");
    return `${classes[truth]!.padStart(nameWidth)}  ${recall === undefined ? "      -" : showPercent(recall).padStart(7)} ${shown}`;
  });
  return [
    `${model}: ${showPercent(accuracyOf(evaluation))} of ${samples} test samples (${samples - correct} wrong), integer model`,
    "",
    `${"class".padStart(nameWidth)}   recall ${classes.map(cell).join("")}   <- answered`,
    ...rows,
  ].join("\n");
}

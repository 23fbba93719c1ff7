import { InvalidArgumentError, Option } from "commander";
import { targetNames } from "../targets.js";
import { engines } from "../train/engines/index.js";
import type { Overrides } from "./project.js";

/** Options that several commands have, defined once. */

export const setOption = (): Option =>
  new Option("--set <name=value>", "give a param or a setting another value; may be repeated")
    .argParser((text: string, before: Overrides = {}): Overrides => {
      const [, name, value] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new InvalidArgumentError("write it as name=value, such as width=32.");
      return { ...before, [name]: value };
    })
    .default({}, "as declared");

export const modelOption = (): Option => new Option("--model <name>", "which model, when the file has several");

export const dataOption = (): Option =>
  new Option("--data <dir>", "where datasets are (else $BNMC_DATA, ./data, the user's cache, a download)");

export const weightsOption = (): Option =>
  new Option("--weights <file>", "trained weights (default: <model>.safetensors beside the model)");

export const engineOption = (): Option =>
  new Option("--engine <name>", "what executes the steps (default: the quickest that can)").choices(Object.keys(engines));

export const jsonOption = (): Option => new Option("--json", "print data as JSON on stdout");

export const targetOption = (): Option => new Option("--target <name>", "the chip, or host").choices(targetNames()).makeOptionMandatory();

/** A whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new InvalidArgumentError(`It must be at most ${Number.MAX_SAFE_INTEGER}.`);
    if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return value;
  };

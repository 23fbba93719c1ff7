import { renderer } from "#compiler/emit/render.js";
import { fileName } from "#compiler/ir/c-names.js";
import type { Target } from "#compiler/ir/target.js";
import { exitCodes, Failure } from "../failure.js";
import { demoView, type Ingredients, mainView, type Sources } from "./sources.js";

/** The chip's name in ch32fun; a `Failure` for targets that the SDK does not have. */
export function ch32funName({ name, chip }: Target): string {
  if (chip?.ch32fun !== undefined) return chip.ch32fun;
  throw new Failure(`ch32fun has no ${name}`, "leave --project away for a firmware of bnmc's own", exitCodes.usage);
}

/**
 * What the SDK's start-up, clock and printing take of flash beyond bnmc's own, rounded up: with samples 244 to 300 bytes for five
 * models of models/ on the ch32v003 (ch32fun of July 2026, its default flags, GCC 12). Without samples nothing is printed, and the
 * image is smaller than bnmc's.
 */
export const ch32funBytes = 310;

/** The demo as a project of the ch32fun SDK: path → text. */
export function ch32funProject({ plan, emission, templates, demo }: Ingredients): Sources {
  const mcu = ch32funName(plan.target);
  const render = renderer(templates);
  const sdk = { put: "putchar", now: "SysTick->CNT", since: "SysTick->CNT - start", disable: "__disable_irq()", enable: "__enable_irq()" };
  const view = {
    ...mainView(plan),
    ...demoView(demo),
    ...sdk,
    mcu,
    model: fileName(plan.network.name),
    clock: plan.target.clockHz,
    architecture: architectureOf(plan.target),
  };
  return new Map([
    ...[...emission].map(([path, text]) => [`model/${path}`, text] as const),
    ["main.c", render("firmware/ch32fun-main.c.hbs", view)],
    ["funconfig.h", render("firmware/ch32fun-funconfig.h.hbs", view)],
    ["Makefile", render("firmware/ch32fun-Makefile.hbs", view)],
  ]);
}

/** As make says it: the flags of a target whose compilers differ in them, by their age; they go behind those of the SDK. */
function architectureOf({ dialects = [] }: Target): string {
  const version = "$(firstword $(subst ., ,$(shell $(PREFIX)-gcc -dumpversion)))";
  const older = (since: number): string => Array.from({ length: since }, (_, major) => major).join(" ");
  return dialects.reduceRight(
    (otherwise, { since, flags }) =>
      otherwise === "" ? flags.join(" ") : `$(if $(filter ${older(since)},${version}),${otherwise},${flags.join(" ")})`,
    "",
  );
}

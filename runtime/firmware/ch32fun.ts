import { renderer } from "#compiler/emit/render.js";
import type { Target } from "#compiler/ir/target.js";
import { exitCodes, Failure } from "../failure.js";
import { demoView, type Ingredients, mainView, type Sources } from "./sources.js";

/** The chip's name in ch32fun; a `Failure` for targets that the SDK does not have. */
export function ch32funName({ name, chip }: Target): string {
  if (chip?.ch32fun !== undefined) return chip.ch32fun;
  throw new Failure(`ch32fun has no ${name}`, "leave --project away for a firmware of bnmc's own", exitCodes.usage);
}

/** The demo as a project of the ch32fun SDK: path → text. */
export function ch32funProject({ plan, emission, templates, demo }: Ingredients): Sources {
  const mcu = ch32funName(plan.target);
  const render = renderer(templates);
  const sdk = { put: "putchar", now: "SysTick->CNT", since: "SysTick->CNT - start", disable: "__disable_irq()", enable: "__enable_irq()" };
  const view = { ...mainView(plan), ...demoView(demo), ...sdk, mcu, model: plan.network.name, clock: plan.target.clockHz };
  return new Map([
    ...[...emission].map(([path, text]) => [`model/${path}`, text] as const),
    ["main.c", render("firmware/ch32fun-main.c.hbs", view)],
    ["funconfig.h", render("firmware/ch32fun-funconfig.h.hbs", view)],
    ["Makefile", render("firmware/ch32fun-Makefile.hbs", view)],
  ]);
}

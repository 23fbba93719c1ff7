import { renderer } from "#compiler/emit/render.js";
import { commentSafe } from "#compiler/emit/text.js";
import type { Templates } from "#compiler/ir/emission.js";
import type { Firmware } from "./build.js";
import { compiledPaths, firmwareFlags, linkerFlags } from "./link.js";

/** A Makefile that builds the same image from the sources of a firmware. */
export function makefile({ plan, sources, linked }: Firmware, templates: Templates): string {
  const { command, flags } = linked.compiler;
  return renderer(templates)("firmware/Makefile.hbs", {
    title: commentSafe(plan.network.name),
    target: plan.target.name,
    name: plan.network.name,
    compiler: command,
    objcopy: command.replace(/gcc$/, "objcopy"),
    flags: [...flags, ...firmwareFlags(plan.target)],
    linkerFlags,
    objects: compiledPaths(sources).map((path) => path.replace(/\.[cS]$/, ".o")),
  });
}

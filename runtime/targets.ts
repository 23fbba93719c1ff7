import { join } from "node:path";
import { positionAt } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import type { Target } from "#compiler/ir/target.js";
import { parseTarget } from "#compiler/plan/parse-target.js";
import { exitCodes, Failure } from "./failure.js";
import { fileExists, namesIn, packageRoot, readText } from "./host.js";

const folder = join(packageRoot, "mcu");

/** The names of all targets: the folders of mcu/ that describe one. */
export const targetNames = (): readonly string[] => namesIn(folder).filter((name) => fileExists(join(folder, name, "target.yaml")));

/** Throws a `Failure` for a name that is not a target's, or a description that is malformed. */
export function loadTarget(name: string): Target {
  const names = targetNames();
  if (!names.includes(name)) {
    const meant = suggest(name, names);
    const remedy = `${meant === undefined ? "" : `did you mean ${meant}? `}known targets: ${names.join(", ")}`;
    throw new Failure(`there is no target ${name}`, remedy, exitCodes.usage);
  }
  const path = `mcu/${name}/target.yaml`;
  const { value, diagnostics } = parseTarget(name, { path, text: readText(join(folder, name, "target.yaml")) });
  if (value !== undefined) return value;
  const [{ message, at }] = diagnostics as readonly [(typeof diagnostics)[number]];
  const { line, column } = positionAt(at.span.source, at.span.start);
  throw new Failure(`${path}:${line}:${column}: ${message}`, "compare it with the target.yaml of another chip");
}

export const allTargets = (): readonly Target[] => targetNames().map(loadTarget);

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { renderDiagnostics } from "#grammar/frame.js";
import { loadTarget, targetNames } from "#runtime/targets.js";
import { elaborate } from "../elaborate/elaborate.js";
import { load } from "../elaborate/load.js";
import { problem } from "../plan/messages.js";
import { parseTarget } from "../plan/parse-target.js";
import { plan } from "../plan/plan.js";

/** Sound models that a target cannot hold, and descriptions of targets that are wrong: what is said is in the .txt beside. */
const folder = fileURLToPath(new URL("plan/", import.meta.url));
const files = readdirSync(folder).filter((file) => !file.endsWith(".txt"));

function diagnose(file: string): readonly Diagnostic[] {
  const text = readFileSync(folder + file, "utf8");
  if (file.endsWith(".yaml")) return parseTarget("chip", { path: file, text }).diagnostics;
  const { value: program, diagnostics } = load(file, text, () => undefined);
  const { value: module, diagnostics: meanings } = elaborate(program, { overrides: {}, targets: targetNames() });
  expect([...diagnostics, ...meanings]).toEqual([]);
  return module.deployments.flatMap((deployment) => {
    const network = module.networks.find(({ name }) => name === deployment.network)!;
    return plan(network, loadTarget(deployment.target), deployment).diagnostics;
  });
}

const codeOf = (file: string): string => file.split(".")[0]!;

test.each(files)("%s", async (file) => {
  const diagnostics = diagnose(file);
  expect(diagnostics.map(({ code }) => code)).toContain(codeOf(file));
  const shown = renderDiagnostics(diagnostics, { color: false, width: 100 });
  await expect(shown).toMatchFileSnapshot(`${folder}${file.replace(/\.\w+$/, "")}.txt`);
});

/** Today some kernel takes every layer on every target; plan.test.ts has a layer that none takes. */
const unreachable = ["no-kernel"];

test("every code of planning has a case named after it", () => {
  const errors = readdirSync(fileURLToPath(new URL("errors/", import.meta.url)));
  const cases = new Set([...files, ...errors].map(codeOf));
  expect(Object.keys(problem.table).filter((code) => !cases.has(code))).toEqual(unreachable);
});

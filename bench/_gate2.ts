// @ts-nocheck
import { mkdirSync, writeFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { recipes } from "../runtime/fuzz/recipe.js";
import { subjectOf } from "../runtime/fuzz/subject.js";
import { forcedPlans } from "../runtime/fuzz/plans.js";
import { random } from "#compiler/random.js";
import { emissionOf } from "../runtime/verify/testing/host-program.js";
import { examine, networkIn, deploymentOf } from "../runtime/cli/project.js";
import { loadProvenance, loadWeights } from "../runtime/weights/weights.js";
import { loadTarget, allTargets } from "../runtime/targets.js";
import { findCompiler } from "../runtime/toolchain/cc.js";
import { roomy } from "../runtime/tune/bench.js";
const out = process.argv[2], seeds = Number(process.argv[3] ?? 80);
mkdirSync(out, { recursive: true });
const rv = (t) => /^rv32/.test(t.core);
let n = 0;
function put(name, target, plan, weights) {
  const files = emissionOf({ plan, weights, inputs: new Int8Array() });
  const folder = `${out}/${name}`;
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of files) writeFileSync(`${folder}/${path}`, text);
  writeFileSync(`${folder}/flags`, rv(target) ? findCompiler(target).flags.filter((f) => /^-m/.test(f)).join(" ") : "host");
  n++;
}
const samples = fc.sample(recipes, { numRuns: seeds, seed: 77 });
for (const [i, recipe0] of samples.entries()) {
  const recipe = { ...recipe0, target: i % 4 === 3 ? recipe0.target : i % 2 ? "ch32v002" : "ch32v003" };
  const subject = subjectOf(recipe);
  if (subject === undefined) continue;
  const { plans } = forcedPlans(subject, random("gate", i), 8);
  plans.forEach((plan, at) => put(`r${String(i).padStart(3, "0")}_${at}`, subject.target, plan, subject.weights));
}
const files = new Map(readdirSync("models").filter((f) => f.endsWith(".bnm")).map((f) => [networkIn(examine(`models/${f}`)).name, f]));
for (const w of readdirSync("models").filter((f) => f.endsWith(".safetensors"))) {
  const path = `models/${w}`;
  const { set = {} } = loadProvenance(path);
  const project = examine(`models/${files.get(w.split(".")[0])}`, set);
  const network = networkIn(project);
  const { weights } = loadWeights(network, path);
  for (const name of ["ch32v003", "ch32v002"]) for (const interrupts of ["allowed", "disabled"]) {
    const target = roomy(loadTarget(name));
    const many = /cnn|speech|spoken|gesture/.test(w) ? 5 : 3;
    const { plans } = forcedPlans({ network, weights, target, recipe: { interrupts, input: "kept", known: true } }, random("gate", w, name, interrupts), many);
    plans.forEach((plan, at) => put(`${w.replace(".safetensors", "")}_${name}_${interrupts}_${at}`, target, plan, weights));
  }
}
console.log(n, "programs");

/**
 * Training steps alone, measured: no data set, no augmentation, random images; a process of its own on the built package.
 * Prints one line of JSON. Arguments: the model, the engine, how many steps.
 */
import { join } from "node:path";
import { random } from "#compiler/random.js";
import { networkIn, open, trainingOf } from "#runtime/cli/project.js";
import { packageRoot } from "#runtime/host.js";
import { engines } from "#runtime/train/engines/index.js";
import { initialState, withClips } from "#runtime/train/state.js";

const [model, engine, steps] = process.argv.slice(2);
const project = open(join(packageRoot, "models", `${model}.bnm`));
const network = networkIn(project);
const { settings } = trainingOf(project, network).training;
const size = network.layers[0].type.shape.reduce((product, extent) => product * extent, 1);
const classes = network.layers.at(-1).type.shape[0];
const source = random("bench", model);
const batch = {
  inputs: Int8Array.from({ length: settings.batch * size }, () => source.below(255) - 127),
  labels: Uint8Array.from({ length: settings.batch }, () => source.below(classes)),
};
const started = await engines[engine].start({ ...settings, network, classWeights: new Float32Array(classes).fill(1) });
started.load(withClips(initialState(network, settings, 1), settings));
// The first steps are those of a compiler that has not seen where time goes.
const warming = Math.ceil(Number(steps) / 5);
let begin;
for (let step = -warming; step < Number(steps); step++) {
  if (step === 0) begin = performance.now();
  started.step(batch, 0.001);
}
const seconds = (performance.now() - begin) / 1000 / (Number(steps) * settings.batch);
started.dispose();
console.log(JSON.stringify({ seconds: seconds * 120000, peak: process.resourceUsage().maxRSS / 1024 }));

import { availableParallelism } from "node:os";
import { sizeOf } from "#compiler/ir/types.js";
import { compileModule, instantiate } from "#compiler/wasm/instance.js";
import { optimizerOf } from "../../averaging.js";
import { clipLearner } from "../../clip-learning.js";
import type { Engine, EngineTask, StepResult } from "../../engine.js";
import { learnedMask } from "../../mask-learning.js";
import { noState, type TrainingState } from "../../state.js";
import { crewOf } from "./crew.js";
import { type Frames, framesIn } from "./frames.js";
import { latentMemory } from "./latent.js";
import { compileProgram, constantNames, type Program, slopesName } from "./program.js";
import { stepMemory } from "./step-memory.js";

/**
 * Trains with a step that is compiled to WebAssembly for this network alone. Batches are split in shards that depend on
 * the task and not on the machine: any number of threads gives the same weights.
 */
export async function fusedEngine(task: EngineTask, threads = task.threads ?? availableParallelism()): Promise<Engine> {
  const program = compileProgram(task);
  const { layout, shards } = program;
  const memory = stepMemory(program.pages);
  const module = compileModule(program.bytes);
  const run = instantiate(module, memory);
  const crew = crewOf(Math.min(threads, shards), module, memory, groupNames(program));
  const size = sizeOf(task.network.layers[0]!.type.shape);
  const frames = framesIn(layout, memory.buffer, shards, size);
  const latent = latentMemory(layout, memory.buffer);
  const constants = new Float32Array(memory.buffer, layout.constants);
  const optimizer = optimizerOf(task);
  const names = constantNames(optimizer, task.optimizer);
  let state: TrainingState = noState;

  const runGroups = (name: keyof Program["groups"]): void => {
    for (let group = 0; group < program.groups[name]; group++) {
      crew.run(`${name}${group}`, frames.jobs());
      run[`${name}Total${group}`]!();
    }
  };

  const learners = [...layout.layers].flatMap(([id, { quantizer }]) => {
    const learner = clipLearner(task.clip, quantizer.name);
    return learner === undefined ? [] : [{ id, learner }];
  });
  const masked = [...layout.layers.values()].filter(({ mask }) => mask !== undefined);
  const learnScalars = (rate: number): void => {
    const layers = new Map(state.layers);
    for (const { id } of masked) {
      const layer = layers.get(id)!;
      const mask = learnedMask(layer.mask!, latent.slopesOf(id), task.masking!.price, task.optimizer, rate, state.step);
      layers.set(id, { ...layer, mask });
      latent.writeMask(id, mask);
    }
    for (const { id, learner } of learners) {
      const layer = layers.get(id)!;
      const learned = learner.learn(layer, latent.growthOf(id), task.optimizer, rate, state.step);
      layers.set(id, { ...layer, ...learned });
      latent.writeClip(id, learned.clip);
    }
    state = { ...state, layers };
  };

  return {
    name: "fused WebAssembly",
    load: (given) => {
      state = given;
      latent.write(given);
      run["quantize"]!();
    },
    state: () => latent.read(state),
    step: ({ inputs, ...answers }, rate) => {
      frames.deal(inputs, answers.labels.length);
      frames.answer(answers, task.classWeights);
      runGroups("gradient");
      const result = measured(program, frames, answers.labels, task.classWeights.length);
      if (!Number.isFinite(result.loss)) return result;
      state = { ...state, step: state.step + 1 };
      const values = optimizer.constants(task.optimizer.arguments, rate, state.step);
      names.forEach((name, i) => (constants[i] = values[name]!));
      for (const { id } of masked) run[slopesName(id)]!();
      run["update"]!();
      learnScalars(rate);
      run["quantize"]!();
      return result;
    },
    sums: (inputs) => {
      const count = inputs.length / size;
      const sums = new Float32Array(count * program.sums.width);
      const most = layout.frame.rows * shards;
      for (let first = 0; first < count; first += most) {
        const part = Math.min(most, count - first);
        frames.deal(inputs.subarray(first * size, (first + part) * size), part);
        runGroups("forward");
        frames.rows(program.sums, sums.subarray(first * program.sums.width));
      }
      return sums;
    },
    dispose: () => crew.dispose(),
  };
}

const groupNames = ({ groups }: Program): readonly string[] =>
  Object.entries(groups).flatMap(([name, count]) => Array.from({ length: count }, (_, group) => `${name}${group}`));

/** Softmax cross-entropy from what the step tells about each sample. */
function measured({ loss: nodes }: Program, frames: Frames, labels: Uint8Array, classes: number): StepResult {
  const importance = frames.column("importance");
  const [largest, total] = [frames.column(nodes.largest), frames.column(nodes.total)];
  const [answer, first] = [frames.column(nodes.answer), frames.column(nodes.first)];
  let [loss, correct] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    loss += importance[i]! * (Math.log(total[i]!) + largest[i]! - answer[i]!);
    if (classes - first[i]! === labels[i]) correct++;
  }
  return { loss, correct };
}

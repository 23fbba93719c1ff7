import type { TrainSettings } from "#compiler/catalog/statements/train.js";
import { layerOf, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import type { Weights } from "#compiler/ir/weights.js";
import { exitCodes, Failure } from "../failure.js";
import type { EngineFactory, EngineTask } from "./engine.js";
import { stateOfWeights } from "./state.js";

/** A teacher of knowledge distillation: a trained network whose outputs another one learns (Hinton et al. 2015, arXiv:1503.02531). */
export interface Teacher {
  readonly network: Network;
  readonly weights: Weights;
  /** Tells teachers apart: a run is not resumed with another one. */
  readonly digest: string;
}

/** A teacher with its engine: its float logits for some samples. */
export interface TeacherAtWork {
  sums(inputs: Int8Array): Float32Array;
  dispose(): void;
}

/** Starts the engines of teachers; they read the same samples as their student. */
export function startTeachers(
  teachers: readonly Teacher[],
  pupil: Network,
  start: EngineFactory,
  task: Omit<EngineTask, "network">,
): Promise<readonly TeacherAtWork[]> {
  for (const { network } of teachers) checkPair(network, pupil);
  return Promise.all(teachers.map((teacher) => startTeacher(teacher, start, task)));
}

async function startTeacher(
  { network, weights }: Teacher,
  start: EngineFactory,
  task: Omit<EngineTask, "network">,
): Promise<TeacherAtWork> {
  // It takes no steps: nothing is remembered of its weights, and its scalars stay.
  const engine = await start({ ...task, network, average: 0, clip: { name: "octav", arguments: {} } });
  engine.load(stateOfWeights(network, weights));
  return { sums: (inputs) => engine.sums(inputs), dispose: () => engine.dispose() };
}

function checkPair(teacher: Network, pupil: Network): void {
  const shapesOf = (network: Network): string =>
    `${sizeOf(network.layers[0]!.type.shape)} values of ${network.layers[0]!.type.element} and answers with one of ` +
    String(sizeOf(layerOf(network, network.result).type.shape));
  if (shapesOf(teacher) === shapesOf(pupil)) return;
  throw new Failure(
    `${teacher.name} cannot teach ${pupil.name}: it reads ${shapesOf(teacher)}, ${pupil.name} ${shapesOf(pupil)}`,
    "give both the same `input` and the same number of outputs",
    exitCodes.rejected,
  );
}

/** Refuses settings that name others than those who are there. */
export function checkTeachers({ teachers: named }: TrainSettings, teachers: readonly Teacher[] = []): void {
  const given = teachers.map(({ network }) => network.name);
  if (named.join() !== given.join())
    throw new Error(`the settings name ${named.join(", ") || "nobody"} as teachers, and ${given.join(", ") || "nobody"} is given`);
}

import { namesIn } from "../runtime/host.js";
import type { Target } from "#compiler/ir/target.js";
import { examine, networkIn, type Overrides } from "../runtime/cli/project.js";
import { loadTarget } from "../runtime/targets.js";
import { loadProvenance } from "../runtime/weights/weights.js";
import { peers } from "./chips-peers.js";

/** A model of models/ with committed weights. */
export interface ZooModel {
  /** Of the weights file, without its extension. */
  readonly name: string;
  readonly path: string;
  readonly set: Overrides;
  /** Of the integers, on the whole test set. */
  readonly accuracy: number;
  /** The chips that it is deployed to, and those on which the peer's net of its shape was measured; their cycles are modelled. */
  readonly targets: readonly Target[];
}

/** In the order of their names; paths start at the project's folder. */
export function zooModels(): readonly ZooModel[] {
  const files = namesIn("models");
  const modelFiles = new Map(
    files.filter((file) => file.endsWith(".bnm")).map((file) => [networkIn(examine(`models/${file}`)).name, `models/${file}`]),
  );
  return files
    .filter((file) => file.endsWith(".safetensors"))
    .map((file): ZooModel => {
      const name = file.replace(/\.safetensors$/, "");
      const path = modelFiles.get(name.split(".")[0]!)!;
      const { set = {}, integerAccuracy = NaN } = loadProvenance(`models/${file}`);
      const { module } = examine(path, set);
      const deployed = module.deployments.map(({ target }) => target);
      const compared = peers.filter(({ like }) => like === name).flatMap(({ cycles }) => Object.keys(cycles));
      const targets = [...new Set([...deployed, ...compared])].map(loadTarget).filter(({ chip }) => chip?.timing !== undefined);
      return { name, path, set, accuracy: integerAccuracy, targets };
    });
}

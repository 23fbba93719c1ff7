import type { PreparedDataset } from "#compiler/data/dataset.js";
import { layerOf, type Network } from "#compiler/ir/network.js";
import { sizeOf } from "#compiler/ir/types.js";
import { exitCodes, Failure } from "../failure.js";

/** Refuses data that a network does not read, or whose classes it does not answer with; throws a `Failure`. */
export function checkFits(network: Network, data: PreparedDataset): void {
  const { shape } = network.layers[0]!.type;
  if (sizeOf(shape) !== sizeOf(data.shape)) {
    throw new Failure(
      `${network.name} reads [${shape.join(", ")}], but the samples are [${data.shape.join(", ")}]`,
      "change `input`, or let the dataset make samples of that shape",
      exitCodes.rejected,
    );
  }
  const answers = sizeOf(layerOf(network, network.result).type.shape);
  if (answers !== data.classes.length) {
    throw new Failure(
      `${network.name} answers with one of ${answers} classes, but the data has ${data.classes.length}`,
      "give the last layer one unit for each class",
      exitCodes.rejected,
    );
  }
}

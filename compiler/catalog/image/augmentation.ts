import { DataError } from "../data-error.js";
import type { ArgumentsOf, Definition, Parameters } from "../parameter.js";
import { defineAugmentation, type Augment, type Augmentation, type Samples } from "../samples.js";
import { imageSides } from "./sides.js";

interface ImageAugmentation<P extends Parameters> extends Definition<P> {
  /** Prepares for images of bytes. */
  prepareImages(height: number, width: number, settings: ArgumentsOf<P>): Augment<Uint8Array>;
}

/** An augmentation of images: refuses all else. */
export function defineImageAugmentation<const P extends Parameters>(entry: ImageAugmentation<P>): Augmentation<P> {
  const { name, summary, parameters } = entry;
  return defineAugmentation<P>({
    name,
    summary,
    parameters,
    takes: "bytes",
    prepare: (originals, settings) => {
      checkBytes(name, originals);
      const augment = entry.prepareImages(...imageSides(name, originals.shape), settings);
      // Copies are of the kind of their originals.
      return (from, to, random) => augment(from as Uint8Array, to as Uint8Array, random);
    },
  });
}

function checkBytes(name: string, { values }: Samples): void {
  if (values instanceof Uint8Array) return;
  throw new DataError(
    `\`${name}\` changes images of bytes, but these samples are fractions`,
    "Leave it out; `jitter`, `gain` and `warp` change what sensors read.",
  );
}

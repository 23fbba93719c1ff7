import { random, type Random } from "../../random.js";
import { drawHand, fit, writeStrokes } from "../handwriting/hand.js";
import { drawPen, drawStrokes } from "../handwriting/pen.js";
import { skeletons } from "../handwriting/skeletons.js";
import { count, optional } from "../parameter.js";
import { defineSource, type Samples } from "../samples.js";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Writes a digit into `bytes`: the longer side of its box is about 20 pixels, as in MNIST. */
function writeDigit(digit: number, bytes: Uint8Array, source: Random): void {
  const ways = skeletons[digit]!;
  const strokes = writeStrokes(ways[source.below(ways.length)]!, drawHand(source), source);
  const center = [SIDE / 2 + 0.8 * source.normal(), SIDE / 2 + 0.8 * source.normal()] as const;
  const image = new Float32Array(PIXELS);
  drawStrokes(fit(strokes, source.between(17, 21), center), drawPen(source), image, SIDE, source);
  const grain = 0.06 * source.uniform();
  // Clamped typed arrays round, and keep to 0 … 255.
  new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, PIXELS).set(image.map((ink) => 255 * (ink + grain * source.normal())));
}

/** Every sample has a stream of its own, so that a larger set begins with the samples of a smaller one. */
function writeSet(set: "train" | "test", size: number, seed: number): Samples {
  const values = new Uint8Array(size * PIXELS);
  const labels = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const source = random("digits", seed, set, i);
    labels[i] = source.below(classes.length);
    writeDigit(labels[i]!, values.subarray(i * PIXELS, (i + 1) * PIXELS), source);
  }
  return { shape: [SIDE, SIDE], count: size, values, labels };
}

export default defineSource({
  name: "digits",
  summary: "Handwritten-like digits, 28x28 bytes, white on black, drawn from a seed: nothing to download.",
  parameters: {
    train: optional(count("Samples to train on."), 6000),
    test: optional(count("Samples to test on."), 1000),
    seed: optional(count("Another seed draws other digits.", { least: 0 }), 1),
  },
  describe: () => ({ shape: [SIDE, SIDE], values: "bytes", classes }),
  load: async (_, { train, test, seed }) => ({
    train: writeSet("train", train, seed),
    test: writeSet("test", test, seed),
    classes,
    origin: `${train} + ${test} digits drawn from seed ${seed}`,
  }),
});

import { catalog } from "#compiler/catalog/index.js";
import type { Recipe, Stage } from "./recipe.js";

/** Where a net that is being written has got to. */
interface Place {
  readonly extents: readonly number[];
  readonly channels: number;
  /** Sums that no `relu` has read. */
  readonly raw: boolean;
  /** Skip connections so far. */
  readonly skips: number;
}

/** What a stage adds to the text, and where it leads. */
interface Written {
  readonly text: readonly string[];
  readonly after: Place;
}

/** The body of a model as a recipe wants it; a stage that is impossible where it stands is left out. */
export function bodyOf({ kind, element, extents: [length, side, depth], ...drawn }: Recipe): string {
  const means = drawn.stages.some(({ op }) => op === "avgpool");
  const [stages, last] = means ? [drawn.stages.map(anyBits), anyBits(drawn.last)] : [drawn.stages, drawn.last];
  const channels = 1 + depth;
  const extents = { vector: [], map: [1 + side, 1 + ((side + length) % 12)], sequence: [1 + (length % 40)] }[kind];
  let place: Place = { extents, channels: kind === "vector" ? 1 + length : channels, raw: false, skips: 0 };
  const text = [`input ${element}[${[...extents, place.channels].join(", ")}]`];
  for (const stage of stages) {
    const written = writeStage(stage, place);
    text.push(...written.text);
    place = written.after;
  }
  return [...text, ...writeDense(last, place, 2 + (last.size % 12)).text].join(" -> ");
}

function writeStage(stage: Stage, place: Place): Written {
  const isVector = place.extents.length === 0;
  switch (stage.op) {
    case "relu":
      return place.raw ? { text: ["relu"], after: { ...place, raw: false } } : { text: [], after: place };
    case "dense":
      return writeDense(stage, place, 1 + stage.size);
    case "maxpool":
      return isVector ? writeDense(stage, place, 1 + stage.size) : writePool(stage, [2, 3, 4], place);
    case "avgpool":
      return isVector ? writeDense(stage, place, 1 + stage.size) : writePool(stage, [2, 4], place);
    case "sumpool":
      return isVector ? writeDense(stage, place, 1 + stage.size) : writeSumPool(stage, place);
    case "skip":
      return isVector ? writeDense(stage, place, 1 + stage.size) : writeSkip(stage, place);
    case "conv":
      return isVector ? writeDense(stage, place, 1 + stage.size) : writeConvolution(stage, place);
  }
}

const settings = (stage: Stage): string => {
  const { format, norm, range, bias } = stage;
  return `weights: ${format}, norm: ${norm}, activations: ${activationsOf(stage)}, range: ${range}, bias: ${range === "fixed" ? bias : "no"}`;
};

/** Few set bits have activations of fixed ranges that are not negative. */
const activationsOf = (stage: Stage): string => (stage.range === "fixed" && stage.activate === "relu" ? stage : anyBits(stage)).activations;

/** The same with activations any bits of which may be set: means are such. */
function anyBits(stage: Stage): Stage {
  const { bits, ones } = catalog.activations[stage.activations]!;
  return ones === undefined ? stage : { ...stage, activations: `${bits}bit` };
}

/** What stands between sums and a layer that reads activations. */
const activationOf = ({ range, activate }: Stage): string => (range === "fixed" ? activate : "relu");

function writeDense(stage: Stage, { extents, raw, skips }: Place, units: number): Written {
  const before = [...(raw ? [activationOf(stage)] : []), ...(extents.length > 0 ? ["flatten"] : [])];
  return { text: [...before, `dense(${units}, ${settings(stage)})`], after: { extents: [], channels: units, raw: true, skips } };
}

const readsActivations = ({ norm, range }: Stage): boolean => catalog.layers["conv"]!.reads?.({ norm, range }) === "activations";

/** Windows as large as there is room for; sums are read as they are without a norm. */
function writeConvolution(stage: Stage, place: Place): Written {
  const room = stage.same ? 7 : Math.min(...place.extents);
  const kernel = 1 + (stage.kernel % room);
  const stride = 1 + (stage.stride % kernel);
  const divisors = [1, 2, 3, 4].filter((count) => place.channels % count === 0);
  const depthwise = stage.depthwise && place.extents.length === 2;
  const groups = divisors[stage.groups % divisors.length]!;
  const channels = depthwise ? place.channels : groups * (1 + (stage.size % Math.max(1, Math.floor(20 / groups))));
  const name = depthwise ? "dwconv" : place.extents.length === 2 ? "conv" : "conv1d";
  const shape = [
    ...(depthwise ? [] : [channels, `groups: ${groups}`]),
    `kernel: ${kernel}`,
    `stride: ${stride}`,
    `padding: ${stage.same ? "same" : "valid"}`,
  ];
  const extents = place.extents.map((extent) => (stage.same ? Math.ceil(extent / stride) : Math.floor((extent - kernel) / stride) + 1));
  const before = place.raw && readsActivations(stage) ? [activationOf(stage)] : [];
  return { text: [...before, `${name}(${[...shape, settings(stage)].join(", ")})`], after: { ...place, extents, channels, raw: true } };
}

function writePool({ op, kernel }: Stage, sizesOf: readonly number[], place: Place): Written {
  const sizes = sizesOf.filter((size) => size <= Math.min(...place.extents));
  const size = sizes[kernel % sizes.length];
  if (size === undefined) return { text: [], after: place };
  return { text: [`${op}(${size})`], after: pooled(place, size) };
}

/** One kernel in seven is the whole map. */
function writeSumPool(stage: Stage, place: Place): Written {
  const { kernel, range } = stage;
  const size = kernel === 0 ? 0 : 2 + (kernel % Math.max(1, Math.min(...place.extents) - 1));
  if (size > Math.min(...place.extents)) return { text: [], after: place };
  return {
    text: [`sumpool(${size}, activations: ${activationsOf(stage)}, range: ${range})`],
    after: { ...pooled(place, size), raw: true },
  };
}

const pooled = (place: Place, size: number): Place => ({
  ...place,
  extents: place.extents.map((extent) => (size === 0 ? 1 : Math.floor(extent / size))),
});

/** Sums that are added to those of a convolution that reads them. */
function writeSkip(stage: Stage, place: Place): Written {
  const first = writeConvolution(stage, place);
  const name = `skip${place.skips}`;
  const { channels, extents } = first.after;
  const again = `${extents.length === 2 ? "conv" : "conv1d"}(${channels}, kernel: ${1 + (stage.kernel % 3)}, padding: same, ${settings({ ...stage, norm: "none", range: "sample" })})`;
  const between = stage.stride > 0 ? ["relu"] : [];
  return {
    text: [...first.text.slice(0, -1), `${first.text.at(-1)!} as ${name}`, ...between, again, `add(${name})`],
    after: { ...first.after, skips: place.skips + 1 },
  };
}

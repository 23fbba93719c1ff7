import type { Samples } from "#compiler/catalog/samples.js";
import { listed } from "#compiler/catalog/table/remarks.js";

/** How many values say that a feature is constant, and not by chance. */
const enoughValues = 10;

/** Readings are few; more features than this are pixels and the like, which differ and are constant at the borders. */
const mostReadings = 32;

/** Features whose deviations differ by more are of different units. */
const mostApart = 10;

/** What looks wrong in the features of samples as they are quantized, a sentence each with the remedy. */
export function remarksOnFeatures(train: Samples, names: readonly string[] | undefined, scaledApart: boolean): readonly string[] {
  const { shape, values } = train;
  const count = shape.at(-1)!;
  const isNamed = names?.length === count;
  const isImage = shape.length > 2 || (shape.length === 2 && shape[0] === count);
  const areReadings = count <= mostReadings && !isImage;
  if (!(values instanceof Float32Array) || !(isNamed || areReadings)) return [];
  const nameOf = (feature: number): string => (isNamed ? JSON.stringify(names[feature]) : `the feature at index ${feature}`);
  const deviations = deviationsOf(values, count);
  return [
    ...(values.length / count >= enoughValues ? onConstant(deviations, nameOf, isNamed) : []),
    ...(scaledApart || !areReadings ? [] : onApart(deviations, nameOf)),
  ];
}

/** In two passes: readings may be large and vary little. */
function deviationsOf(values: Float32Array, features: number): Float64Array {
  const size = values.length / features;
  const mean = new Float64Array(features);
  values.forEach((value, i) => (mean[i % features]! += value / size));
  const squares = new Float64Array(features);
  values.forEach((value, i) => (squares[i % features]! += (value - mean[i % features]!) ** 2 / size));
  const constant = Uint8Array.from({ length: features }, (_, i) => Number(isConstant(values, i, features)));
  return squares.map((square, i) => (constant[i] === 1 ? 0 : Math.sqrt(square)));
}

function isConstant(values: Float32Array, feature: number, features: number): boolean {
  for (let i = feature; i < values.length; i += features) if (values[i] !== values[feature]) return false;
  return true;
}

type NameOf = (feature: number) => string;

function onConstant(deviations: Float64Array, nameOf: NameOf, isNamed: boolean): readonly string[] {
  const constant = [...deviations.keys()].filter((feature) => deviations[feature] === 0).map(nameOf);
  if (constant.length === 0) return [];
  const [is, it, says] = constant.length === 1 ? ["is", "it", "says"] : ["are", "they", "say"];
  const remedy = isNamed ? `, and \`skip: [${listed(constant)}]\` leaves ${it === "it" ? it : "them"} out` : "";
  return [`${listed(constant)} ${is} the same in all samples to train on (as float32): ${it} ${says} nothing${remedy}`];
}

function onApart(deviations: Float64Array, nameOf: NameOf): readonly string[] {
  const varying = [...deviations.keys()].filter((feature) => deviations[feature]! > 0);
  const [least, ...others] = varying.sort((one, other) => deviations[one]! - deviations[other]!);
  const most = others.at(-1);
  if (least === undefined || most === undefined || deviations[most]! <= mostApart * deviations[least]!) return [];
  const ratio = Number((deviations[most]! / deviations[least]!).toPrecision(2)).toLocaleString("en");
  return [
    `${nameOf(most)} varies ${ratio} times as much as ${nameOf(least)}, and both have one scale, so that ${nameOf(least)} gets few steps or none: ` +
      "`standardize(per: feature)` or `scale(per: feature)` gives each its own",
  ];
}

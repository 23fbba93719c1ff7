import type { Deploy, Setting, Train } from "#grammar/ast.js";
import type { Span } from "#grammar/source.js";
import { catalog } from "../catalog/index.js";
import type { Parameters } from "../catalog/parameter.js";
import type { Application } from "../ir/application.js";
import type { ValueKind } from "../catalog/samples.js";
import { type DatasetSettings, datasetParameters, defaultQuantization, quantizedBy } from "../catalog/statements/dataset.js";
import { deployParameters } from "../catalog/statements/deploy.js";
import { trainParameters } from "../catalog/statements/train.js";
import type { Dataset, Deployment, Training } from "../ir/module.js";
import { type Bound, bind, type Taker } from "./bind.js";
import { resolveClaims } from "./claims.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";
import type { Found } from "./names.js";
import { computeSettings } from "./scope.js";
import type { Environment } from "./value.js";

/** `dataset NAME { … }`: a source with what is done to its samples. */
export function resolveDataset({ declaration, names }: Found<"dataset">, report: Report): Dataset | undefined {
  const { name, settings: written, span } = declaration;
  const taker = { name: `dataset \`${name.text}\``, span: name.span };
  const settings = bindSettings(datasetParameters, written, taker, names.environment, report) as DatasetSettings | undefined;
  if (settings === undefined) return undefined;
  const [source, ...stated] = settings.samples;
  const described = catalog.sources[source!.name]!.describe(source!.arguments);
  const samples = written.find((setting) => setting.name.text === "samples");
  const place = samples?.value.span ?? name.span;
  const transforms = quantizedBy(defaultQuantization, stated, catalog.transforms);
  checkOrder(transforms, place, report);
  const shape = shapeAfter(described.shape, transforms, place, report);
  checkValues(described.values, source!.name, transforms, settings.augment, place, report);
  const classes = settings.classes.length > 0 ? settings.classes : described.classes;
  return {
    name: name.text,
    source: source!,
    transforms,
    augment: settings.augment,
    ...(classes === undefined ? {} : { classes }),
    ...(shape === undefined ? {} : { shape }),
    origin: span,
  };
}

/** Quantization comes last: what follows it would change the integers that the network reads. */
function checkOrder(transforms: readonly Application[], span: Span, report: Report): void {
  const conversions = transforms.filter(({ name }) => catalog.transforms[name]!.kind !== "arrangement");
  const first = conversions.findIndex(({ name }) => catalog.transforms[name]!.kind === "quantization");
  for (const { name } of conversions.slice(first + 1)) {
    const last = conversions[first]!.name;
    const help = name === last ? `write \`${name}\` once, at the end` : `put \`${last}\` last`;
    report(problem("after-quantization", span, { step: name, last }, { help }));
  }
}

/** The shape that transforms make of the source's, as far as it is known before any data is read. */
function shapeAfter(
  shape: readonly number[] | undefined,
  transforms: readonly Application[],
  span: Span,
  report: Report,
): readonly number[] | undefined {
  let current = shape;
  for (const transform of transforms) {
    if (current === undefined) return undefined;
    const made = catalog.transforms[transform.name]!.infer(current, transform.arguments);
    if ("needs" in made) {
      report(problem("shape-mismatch", span, { layer: `\`${transform.name}\``, expected: made.needs, found: `[${current.join(", ")}]` }));
      return undefined;
    }
    current = made.shape;
  }
  return current;
}

/**
 * Holds what steps change against the kind of values that the source and the steps before them give; augmentations see those of
 * the source.
 */
function checkValues(
  given: ValueKind | undefined,
  source: string,
  transforms: readonly Application[],
  augment: readonly Application[],
  span: Span,
  report: Report,
): void {
  let [current, from] = [given, source];
  const check = (name: string, takes: ValueKind | undefined, values: ValueKind | undefined, giver: string): void => {
    if (takes === undefined || values === undefined || takes === values) return;
    report(
      problem(
        "wrong-values",
        span,
        { step: name, needed: takes, from: giver, found: values },
        {
          help: "images are bytes as .png, as .npy of uint8 and in the published sets; `standardize` makes fractions of bytes: put it last",
        },
      ),
    );
  };
  for (const { name } of augment) check(name, catalog.augmentations[name]!.takes, given, source);
  for (const { name } of transforms) {
    const transform = catalog.transforms[name]!;
    if (transform.kind !== "conversion") continue;
    check(name, transform.takes, current, from);
    if (transform.gives !== undefined) [current, from] = [transform.gives, name];
  }
}

/** `train MODEL on DATASET { … }`. */
export function resolveTraining(train: Train, environment: Environment, report: Report): Training | undefined {
  const { model, dataset, span } = train;
  const taker = { name: `train \`${model.text}\``, span: model.span };
  const settings = bindSettings(trainParameters, train.settings, taker, environment, report);
  const claims = resolveClaims(train.claims, "train", environment, report);
  return settings && { network: model.text, dataset: dataset.text, settings, claims, origin: span };
}

/** `deploy MODEL to TARGET, TARGET { … }`: one deployment for each target. */
export function resolveDeployments(deploy: Deploy, environment: Environment, report: Report): readonly Deployment[] {
  const { model, targets, span } = deploy;
  const taker = { name: `deploy \`${model.text}\``, span: model.span };
  const settings = bindSettings(deployParameters, deploy.settings, taker, environment, report);
  const claims = resolveClaims(deploy.claims, "deploy", environment, report);
  if (settings === undefined) return [];
  return targets.map((target) => ({ network: model.text, target: target.text, settings, claims, origin: span, targetOrigin: target.span }));
}

/** The settings of a statement are its arguments, all by name. */
function bindSettings(
  parameters: Parameters,
  written: readonly Setting[],
  taker: Taker,
  environment: Environment,
  report: Report,
): Bound | undefined {
  const computed = computeSettings(written, Object.keys(parameters), taker.name, environment, report);
  for (const { name } of written) {
    const other = parameters[name.text]?.beside;
    if (other !== undefined && !computed.has(other))
      report(problem("idle-setting", name.span, { name: name.text, other }, { help: `give \`${other}\`, or leave \`${name.text}\` out` }));
  }
  const given = [...computed].map(([text, value]) => ({ name: { text, span: value.span }, value }));
  return bind(parameters, given, taker, report);
}

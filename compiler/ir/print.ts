import { spanText } from "#grammar/source.js";
import type { Module } from "./module.js";
import { type Layer, type Network, parameterCount } from "./network.js";
import { showType, sizeOf } from "./types.js";

/** A network as a table, one layer a line: `check --show network` and the goldens. */
export function printNetwork(network: Network): string {
  const rows = network.layers.map((layer) => [layer.id, `${showType(layer.type)}`, layer.op, layer.inputs.join(", "), attributesOf(layer)]);
  return `network ${network.name}: ${parameterCount(network)} parameters\n${table(rows)}`;
}

function attributesOf({ attributes, weights }: Layer): string {
  const shown = Object.entries(attributes).map(([name, value]) => `${name}: ${showValue(value)}`);
  return [...shown, ...(weights === undefined ? [] : [`(${weights.shape.join(" x ")} = ${sizeOf(weights.shape)} weights)`])].join(" ");
}

/** Datasets, trainings and deployments with every default filled in: `check --show module`. */
export function printModule(module: Module): string {
  const datasets = module.datasets.map(({ name, source, transforms, augment, shape, classes }) =>
    [
      `dataset ${name}`,
      `  samples: ${[source, ...transforms].map(showValue).join(" -> ")}`,
      `  augment: ${augment.map(showValue).join(" -> ") || "none"}`,
      `  gives ${shape ? `[${shape.join(", ")}]` : "samples of unknown shape"}, ${classes ? `${classes.length} classes` : "unknown classes"}`,
    ].join("\n"),
  );
  const trainings = module.trainings.map(
    ({ network, dataset, settings, claims }) => `train ${network} on ${dataset}\n${settingLines(settings)}${claimLines(claims)}`,
  );
  const deployments = module.deployments.map(
    ({ network, target, settings, claims }) => `deploy ${network} to ${target}\n${settingLines(settings)}${claimLines(claims)}`,
  );
  return [...module.networks.map(printNetwork), ...datasets, ...trainings, ...deployments].map((part) => `${part.trimEnd()}\n`).join("\n");
}

/** Where every setting of every layer comes from: `check --show settings`. */
export function printSettings({ settings }: Module): string {
  return table(
    settings.map(({ network, layer, setting, value, from }) => [`${network}.${layer}`, setting, showValue(value), `from ${from}`]),
  );
}

const settingLines = (settings: Readonly<Record<string, unknown>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `  ${name}: ${showValue(value)}\n`)
    .join("");

const claimLines = (claims: Module["trainings"][number]["claims"]): string =>
  claims.map(({ origin }) => `  ${spanText(origin)}\n`).join("");

/** A checked value much as it was written. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const { name, arguments: given } = value as { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  const shown = Object.entries(given).map(([key, argument]) => `${key}: ${showValue(argument)}`);
  return shown.length === 0 ? name : `${name}(${shown.join(", ")})`;
}

/** Columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

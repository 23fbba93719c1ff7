/**
 * Draws docs/bnmc.svg, the picture of the README, from models/fc_mnist.bnm, its committed weights and its training
 * curve; every number in it is computed here. Run: BNMC_DATA=… npm run picture
 */
import { join } from "node:path";
import { catalog } from "#compiler/catalog/index.js";
import { loadDataset } from "#compiler/data/dataset.js";
import { emit } from "#compiler/emit/emit.js";
import { flashOf, ramOf } from "#compiler/ir/plan.js";
import { plan } from "#compiler/plan/plan.js";
import { deploymentOf, networkIn, open, trainingOf } from "../runtime/cli/project.js";
import { elementReadBy } from "../runtime/data/fits.js";
import { dataHost } from "../runtime/data/host.js";
import { packageRoot, readText, writeFile } from "../runtime/host.js";
import { loadTarget } from "../runtime/targets.js";
import { loadTemplates } from "../runtime/templates.js";
import { verifyOnHost } from "../runtime/verify/verify.js";
import { loadWeights } from "../runtime/weights/weights.js";

const modelPath = join(packageRoot, "models/fc_mnist.bnm");
const project = open(modelPath);
const network = networkIn(project);
const target = loadTarget("ch32v003");
const chosen = plan(network, target, deploymentOf(project, network, target.name)).value!;
const { weights, provenance } = loadWeights(network, modelPath.replace(".bnm", ".safetensors"));
const templates = loadTemplates();
const emission = emit(chosen, weights, templates, {
  model: "models/fc_mnist.bnm",
  weights: "",
  params: {},
  version: "",
  command: "",
  classes: [],
  preparation: [],
});
const host = dataHost({ modelFolder: join(packageRoot, "models"), environment: process.env });
const { test } = await loadDataset(trainingOf(project, network).dataset, host, catalog, { element: elementReadBy(network) });
const verified = verifyOnHost({ plan: chosen, weights, emission, templates, inputs: test.values, count: test.count });

interface Epoch {
  readonly epoch: number;
  readonly integerAccuracy: number;
}
const curve = readText(join(packageRoot, "models/curves/fc_mnist.jsonl"))
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Epoch);

const panel = { widths: [310, 250, 372, 250], height: 300, gap: 22, top: 56, left: 20 } as const;
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const left = (index: number): number => panel.widths.slice(0, index).reduce<number>((sum, width) => sum + width + panel.gap, panel.left);

const frame = (index: number, command: string, body: string): string => `
  <g transform="translate(${left(index)} ${panel.top})">
    <rect width="${panel.widths[index]}" height="${panel.height}" rx="8" fill="#fff" stroke="#c9d1da"/>
    <text x="2" y="-12" class="command">${escape(command)}</text>
    ${index === 0 ? "" : `<path d="M${-panel.gap + 4} ${panel.height / 2}h${panel.gap - 10}m-5 -5l5 5l-5 5" fill="none" stroke="#57606a" stroke-width="2"/>`}
    ${body}
  </g>`;

/** Lines of code, words of the language set off. */
const code = (lines: readonly string[], size: number, words: RegExp): string =>
  lines
    .map((line, i) => {
      const marked = escape(line).replace(words, '<tspan fill="#0550ae">$&</tspan>');
      return `<text x="14" y="${26 + i * size * 1.5}" class="code" font-size="${size}" xml:space="preserve">${marked}</text>`;
    })
    .join("");

const source = readText(modelPath).split("\n");
const modelLines = source.slice(
  source.findIndex((line) => line.startsWith("param")),
  source.findIndex((line) => line.startsWith("train")) - 1,
);
const claims = source.slice(source.findIndex((line) => line.startsWith("deploy"))).filter((line) => line !== "");

const c = emission.get("fc_mnist.c")!.split("\n");
const start = c.findIndex((line) => line.startsWith(`int ${chosen.entry}(`));
const shown = c.slice(start, c.findIndex((line, i) => i > start && line === "}") + 1);

function plot(): string {
  const [low, high] = [0.94, 1];
  const x = (epoch: number): number => 44 + ((epoch - 1) / (curve.length - 1)) * 190;
  const y = (accuracy: number): number => 250 - ((accuracy - low) / (high - low)) * 210;
  const points = curve.map(({ epoch, integerAccuracy }) => `${x(epoch).toFixed(1)},${y(integerAccuracy).toFixed(1)}`).join(" ");
  const grid = [0.94, 0.96, 0.98, 1].map(
    (level) =>
      `<path d="M44 ${y(level)}h190" stroke="#e4e8ec"/><text x="38" y="${y(level) + 4}" class="note" text-anchor="end">${level * 100}%</text>`,
  );
  const final = provenance.integerAccuracy!;
  return `${grid.join("")}<polyline points="${points}" fill="none" stroke="#1a7f37" stroke-width="2.5"/>
    <circle cx="${x(curve.length)}" cy="${y(final)}" r="4" fill="#1a7f37"/>
    <text x="234" y="${y(final) - 12}" class="value" text-anchor="end" fill="#1a7f37">${(final * 100).toFixed(2)}%</text>
    <text x="125" y="280" class="note" text-anchor="middle">MNIST test set, ${curve.length} epochs</text>`;
}

function chip(): string {
  const bar = (row: number, label: string, used: number, whole: number, unit: string): string => `
    <text x="22" y="${row}" class="note">${label}</text>
    <rect x="22" y="${row + 8}" width="206" height="12" rx="3" fill="#e4e8ec"/>
    <rect x="22" y="${row + 8}" width="${(206 * used) / whole}" height="12" rx="3" fill="#0550ae"/>
    <text x="228" y="${row}" class="note" text-anchor="end">${unit}</text>`;
  const pins = Array.from(
    { length: 10 },
    (_, i) => `<path d="M${54 + i * 16} 22v10M${54 + i * 16} 88v10" stroke="#8c959f" stroke-width="6"/>`,
  ).join("");
  const flash = flashOf(chosen.cost);
  const ram = ramOf(chosen.cost);
  const { memory } = target;
  return `${pins}<rect x="40" y="30" width="170" height="60" rx="4" fill="#24292f"/><circle cx="48" cy="83" r="3" fill="#57606a"/>
    <text x="125" y="58" class="value" fill="#fff" text-anchor="middle">${target.name}</text>
    <text x="125" y="76" class="note" style="fill:#c9d1da" text-anchor="middle">RV32EC, no multiplier</text>
    ${bar(128, "flash", flash, memory!.flash, `${(flash / 1024).toFixed(1)} of ${memory!.flash / 1024} KiB`)}
    ${bar(176, "RAM", ram, memory!.ram, `${ram} of ${memory!.ram} B`)}
    <text x="125" y="236" class="value" text-anchor="middle" fill="${verified.mismatches === 0 ? "#1a7f37" : "#cf222e"}">${verified.mismatches} differences</text>
    <text x="125" y="256" class="note" text-anchor="middle">in ${verified.logits.toLocaleString("en")} logits of ${verified.samples.toLocaleString("en")} images:</text>
    <text x="125" y="274" class="note" text-anchor="middle">emitted C = integer reference</text>`;
}

const width = left(panel.widths.length) - panel.gap + panel.left;
const height = panel.top + panel.height + 20;
const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="From a .bnm model through training to C on a chip">
  <style>
    .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f }
    .command { font: 600 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f }
    .note { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #57606a }
    .value { font: 600 18px system-ui, "DejaVu Sans", sans-serif }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#f6f8fa"/>${frame(0, "fc_mnist.bnm", code([...modelLines, "", ...claims], 9, /\b(param|model|input|repeat|in|as|deploy|to|require)\b/g))}${frame(1, "bnmc train", plot())}${frame(2, "bnmc emit-c", code(shown, 8.6, /\b(static|void|const|int|int8_t|int32_t|uint32_t|do|while|for|if)\b/g))}${frame(3, "bnmc verify", chip())}
</svg>
`;
writeFile(join(packageRoot, "docs/bnmc.svg"), picture);
console.error(`docs/bnmc.svg: ${verified.mismatches} mismatches in ${verified.logits} logits`);

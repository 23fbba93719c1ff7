/**
 * Writes docs/calibration.md: what others measured on chips, beside what the simulator says, and beside what the C that
 * bnmc emits for the same nets takes there. Run: BNMC_VECTORS=… [BNMC_PEER=…] npm run calibration
 */
import { join } from "node:path";
import { parse } from "yaml";
import { emit } from "#compiler/emit/emit.js";
import { showCount } from "#compiler/ir/show.js";
import type { Target } from "#compiler/ir/target.js";
import { plan } from "#compiler/plan/plan.js";
import { buildFirmware } from "../runtime/firmware/build.js";
import { verifyOnChip } from "../runtime/verify/on-chip.js";
import { packageRoot, readText, writeFile } from "../runtime/host.js";
import { code, heading, page, paragraph, table } from "../runtime/markdown.js";
import { loadTarget } from "../runtime/targets.js";
import { loadTemplates } from "../runtime/templates.js";
import { findCompiler } from "../runtime/toolchain/cc.js";
import { loadImages, loadNet, type NetSource, type Trained } from "./calibration-nets.js";
import { simulatePeer } from "./calibration-peer.js";
import { percent, type Sequence, sequenceTable } from "./calibration-sequences.js";

interface Inference {
  readonly net: string;
  readonly target: string;
  readonly ram: boolean;
  /** False: built for a core that does not multiply. */
  readonly multiply?: boolean;
  /** The author's figures: one, or those of several runs. */
  readonly cycles: readonly number[];
}

interface Published {
  readonly sources: Readonly<Record<string, string>>;
  readonly nets: Readonly<Record<string, NetSource>>;
  readonly sequences: readonly Sequence[];
  readonly inferences: readonly Inference[];
}

const imageCount = 100;

const published = parse(readText(join(packageRoot, "bench/published.yaml"))) as Published;
const vectors = process.env["BNMC_VECTORS"];
if (vectors === undefined) throw new Error("BNMC_VECTORS must name the folder of the peer's weights as vectors");
const peer = process.env["BNMC_PEER"];
const images = loadImages(vectors, imageCount);
const trained = new Map(Object.entries(published.nets).map(([name, source]) => [name, loadNet(source, vectors)]));

/** Mean cycles of the firmware that bnmc builds, every logit checked. */
function simulateOwn({ network, weights }: Trained, target: Target): number {
  const templates = loadTemplates();
  const value = plan(network, target).value!;
  const emission = emit(value, weights, templates, {
    model: network.name,
    weights: "",
    params: {},
    version: "",
    command: "",
    classes: [],
    preparation: [],
  });
  const firmware = buildFirmware({ plan: value, emission, templates, demo: { dataset: "", width: 16, samples: [] } });
  const { mismatches, simulation } = verifyOnChip(
    { plan: value, weights, emission, templates, inputs: images, count: imageCount },
    firmware,
  );
  if (mismatches > 0) throw new Error(`${network.name} on ${target.name}: ${mismatches} mismatches`);
  return simulation.cycles.reduce((sum, cycles) => sum + cycles, 0) / imageCount;
}

/** A target whose core is taken for one that does not multiply, as that of the ch32v003. */
const plainly = (target: Target): Target => {
  const { dialects: _, ...rest } = target;
  const { flags, core } = loadTarget("ch32v003");
  return { ...rest, multiplies: false, core, flags };
};

const inferenceRows = published.inferences.map(({ net, target: name, ram: inRam, multiply = true, cycles }) => {
  const target = loadTarget(name);
  const chip = multiply ? target : plainly(target);
  const simulated = peer === undefined ? undefined : simulatePeer(trained.get(net)!, images, { folder: peer, target: chip, ram: inRam });
  const mean = cycles.reduce((sum, each) => sum + each, 0) / cycles.length;
  const own = simulateOwn(trained.get(net)!, chip);
  console.error(`${net} on ${name}: published ${mean}, simulated ${simulated ?? "-"}, ours ${own}`);
  return [
    net,
    code(name),
    `${inRam ? "SRAM" : "flash"}${target.multiplies && !multiply ? ", no `mul`" : ""}`,
    cycles.map(showCount).join(" to "),
    simulated === undefined ? "–" : showCount(simulated),
    simulated === undefined ? "–" : percent(simulated / mean - 1),
    showCount(own),
    `${(mean / own).toFixed(2)} ×`,
  ];
});

const compiler = findCompiler(loadTarget("ch32v003"))!;

writeFile(
  join(packageRoot, "docs/calibration.md"),
  page(
    heading(1, "Calibration of the simulator"),
    paragraph(
      "What others measured on chips, beside what `bnmc sim` says. Written by `npm run calibration` (bench/calibration.ts) from the figures in " +
        "`bench/published.yaml`; everything else is computed when it runs. The rules of the model are in " +
        "[decision 10](decisions/0010-cycle-model.md), its parameters in each target's `timing`.",
    ),
    heading(2, "Sequences of instructions"),
    paragraph(`Cycles. Source: ${published.sources["qingke"]!}.`),
    sequenceTable(published.sequences),
    heading(2, "Whole networks"),
    paragraph(
      `Cycles of an inference. *Chip*: the engine of BitNetMCU as its author measured it (${published.sources["bitnetmcu"]!}). ` +
        `*Simulator*: that engine, built from its source with ${compiler.version} -Os -flto and run here; a dash where its source was not at hand or its answers were not ` +
        `the net's. *bnmc*: the C that bnmc emits for the same net and chip, in the same simulator, every logit checked. Means of ${imageCount} MNIST test images ` +
        "(the author's are of his own).",
    ),
    paragraph(
      "From SRAM instructions come every cycle; from flash the alignment of a loop decides how long it takes, and every version of a compiler " +
        "aligns differently: there the difference is that of the builds, too.",
    ),
    table(["Net", "Target", "Inner loop", "Chip", "Simulator", "Difference", "bnmc", "Chip / bnmc"], inferenceRows),
  ),
);

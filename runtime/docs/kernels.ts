import { catalog } from "#compiler/catalog/index.js";
import type { Job, Kernel } from "#compiler/kernels/contract.js";
import { kernels } from "#compiler/kernels/index.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { type Cost, flashOf } from "#compiler/ir/plan.js";
import { showBytes, showCount } from "#compiler/ir/show.js";
import type { Target } from "#compiler/ir/target.js";
import { code, heading, link, page, paragraph, table } from "../markdown.js";

/** The page of the kernels: what each takes, found out by asking for bids. */
export const kernelsPage = (targets: readonly Target[]): string =>
  page(
    heading(1, "Kernels"),
    paragraph(
      "A kernel is the C of one or several fused layers. Each looks at its job (the operations, the codebook of the weights, whether the " +
        "target multiplies), never at names, and makes offers with their cost, or none. The planner takes the fastest offers that " +
        "fit the budgets. `bnmc check --show plan` shows its choice and the offers that were rejected.",
    ),
    table(
      ["Kernel", "Serves", "What it does"],
      Object.values(kernels).map((kernel) => [code(kernel.name), servedBy(kernel), kernel.summary]),
    ),
    heading(2, "Who runs which weight format"),
    paragraph(
      `The offers for \`dense\` of ${example.units} outputs on ${example.inputs} inputs, fastest first, with estimated cycles and the flash of code, ` +
        `tables and weights; of a kernel with several variants the fastest. Formats are on the page of ${link("weight formats", "quantizers.md")}.`,
    ),
    ...targets.map((target) => page(heading(3, code(target.name)), paragraph(target.summary), offerTable(target))),
  );

const servedBy = ({ serves, depthwiseChains }: Kernel): string =>
  [
    ...serves.map((ops) => ops.map(code).join(" → ")),
    ...(depthwiseChains === true ? ["depthwise chains, with the requantization after them"] : []),
  ].join(", ");

const example = { units: 64, inputs: 256 };

const offerTable = (target: Target): string =>
  table(
    ["Format", "Kernels"],
    Object.values(catalog.quantizers).map((quantizer) => {
      const offers = offersFor(denseJob(quantizer), target).map(
        ({ kernel, cost, variants }) => `${code(kernel)}${variants > 1 ? ` in ${variants} variants` : ""} ${showCost(cost)}`,
      );
      return [code(quantizer.name), offers.length === 0 ? "refused" : offers.join("; ")];
    }),
  );

const showCost = (cost: Cost): string => `(${showCount(cost.cycles)} cycles, ${showBytes(flashOf(cost))})`;

interface KernelOffer {
  readonly kernel: string;
  /** Of the fastest variant. */
  readonly cost: Cost;
  readonly variants: number;
}

const offersFor = (job: Job, target: Target): readonly KernelOffer[] =>
  Object.values(kernels)
    .filter(({ serves }) => serves.some((ops) => ops.join() === job.layers.map(({ op }) => op).join()))
    .flatMap((kernel): readonly KernelOffer[] => {
      const [fastest, ...others] = kernel
        .bid(job, target)
        .map(({ cost }) => cost)
        .sort((a, b) => a.cycles - b.cycles);
      return fastest === undefined ? [] : [{ kernel: kernel.name, cost: fastest, variants: 1 + others.length }];
    })
    .sort((a, b) => a.cost.cycles - b.cost.cycles);

function denseJob(quantizer: Quantizer): Job {
  const { units, inputs } = example;
  const reads = { element: "i8", shape: [inputs] } as const;
  const writes = { element: "i32", shape: [units] } as const;
  const weights = { shape: [units, inputs], quantizer: quantizer.name };
  const layer = { id: "dense1", op: "dense", attributes: {}, inputs: ["input"], type: writes, weights, origin: [] };
  return {
    layers: [layer],
    reads,
    range: { low: -128, high: 127 },
    extraInputs: [],
    writes,
    stored: { reads: "i8", shape: reads.shape, extraInputs: [], writes: "i32", within: [] },
    weights: [{ layer: "dense1", rows: units, columns: inputs, quantizer }],
    constants: [],
    untrained: false,
    interrupts: "allowed",
  };
}

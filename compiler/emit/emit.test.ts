import { expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { forcedPlan } from "../cases/emit/forced-plan.js";
import { perceptron, provenance, seededWeights } from "../cases/emit/perceptron.js";
import { networkFrom } from "../cases/network.js";
import { catalog } from "../catalog/index.js";
import { tableBytes } from "../kernels/contract.js";
import { kernels } from "../kernels/index.js";
import type { Provenance } from "../ir/emission.js";
import type { Deployment } from "../ir/module.js";
import type { Network } from "../ir/network.js";
import { plan } from "../plan/plan.js";
import { emit } from "./emit.js";

const templates = loadTemplates();
const nowhere = { source: { path: "", text: "" }, start: 0, end: 0 };

const deploy = (network: string, entry: string): Deployment => ({
  network,
  target: "",
  settings: { entry },
  claims: [],
  origin: nowhere,
  targetOrigin: nowhere,
});

function emission(network: Network, target: string, entry = "", from: Provenance = provenance): ReadonlyMap<string, string> {
  return emit(plan(network, loadTarget(target), deploy(network.name, entry)).value!, seededWeights(network), templates, from);
}

/** One small layer of every format, so that the goldens show every kernel that the estimates pick. */
const formats = perceptron({
  name: "formats",
  input: [6, 7],
  layers: Object.keys(catalog.quantizers).map((quantizer, index) => [index + 3, quantizer]),
});

const gestures = perceptron({
  name: "gestures",
  input: [8, 3],
  layers: [
    [12, "2bitsym"],
    [6, "2bitsym"],
    [4, "2bitsym"],
  ],
  doc: "Wrist gestures from a 3-axis accelerometer,\n50 Hz, 160 ms windows.",
});

/** Every kind of step that runs channel by channel, a skip connection among them. */
const glyphs = networkFrom(
  `weights: 4bit norm: none
  input i8[12, 12, 1]
  -> conv(4) as edges -> relu -> dwconv(padding: same, weights: nf4) -> add(edges) -> relu -> maxpool(2)
  -> conv(6, kernel: 2, stride: 2, weights: ternary) -> relu -> avgpool(2)
  -> flatten -> dense(3, norm: rms)`,
  "glyphs",
);

const gesturesFrom: Provenance = {
  ...provenance,
  params: { frames: "8", width: "12" },
  classes: ["idle", "shake", "double tap", "circle"],
  preparation: [
    "make every 2 frames one, their mean",
    "(value - mean) / deviation, of each of the 3 features\nmean: -0.0281, 0.1174, 9.8066\ndeviation: 1.25, 1.5, 2",
  ],
};

test.each(["host", "ch32v003"])("the C for %s", async (target) => {
  const emitted = [
    ...emission(formats, target),
    ...emission(gestures, target, "gesture_classify", gesturesFrom),
    ...emission(glyphs, target),
  ];
  expect(emitted.map(([path]) => path)).toEqual(["formats.h", "formats.c", "gestures.h", "gestures.c", "glyphs.h", "glyphs.c"]);
  for (const [path, text] of emitted) await expect(text).toMatchFileSnapshot(`../cases/emit/${path.split(".")[0]}/${target}/${path}`);
});

test("emitting twice gives the same bytes", () => {
  expect([...emission(formats, "ch32v003")]).toEqual([...emission(formats, "ch32v003")]);
});

test("tables are exactly as large as the plan says", () => {
  for (const target of ["host", "ch32v003"].map(loadTarget)) {
    for (const kernel of Object.values(kernels)) {
      for (const quantizer of Object.values(catalog.quantizers)) {
        const network = perceptron({ name: "net", input: [37], layers: [[5, quantizer.name]] });
        const [run] = forcedPlan(network, target, (bids) => bids.find((bid) => bid.kernel === kernel) ?? bids[0]!).steps;
        if (run?.kind !== "run" || run.kernel !== kernel.name) continue;
        const codes = new Uint8Array(5 * 37);
        const tables = kernel.tables([{ layer: "dense1", rows: 5, columns: 37, quantizer, codes }], run.context, []);
        expect(tables.reduce((sum, table) => sum + tableBytes(table), 0)).toBe(run.cost.flash.weights);
      }
    }
  }
});

test("without a multiplier no kernel's C multiplies, divides or takes remainders", () => {
  const code = emission(formats, "ch32v003")
    .get("formats.c")!
    .replace(/\/\*[^]*?\*\//g, "");
  expect(code).not.toMatch(/[^(\s*]\s+[*/%]\s/);
});

test("layers may have names that mean something in C", () => {
  const names = ["logits", "int", "FUNCTION", "sums", "arena", "dense_weights", "dense", "rescale_in_place"];
  const plain = perceptron({ name: "3d-net", input: [4], layers: names.map(() => [3, "4bitsym"]) });
  const rename = (id: string): string => (/^dense\d$/.test(id) ? names[Number(id.slice(5)) - 1]! : id);
  const network: Network = {
    ...plain,
    layers: plain.layers.map((layer) => ({ ...layer, id: rename(layer.id), inputs: layer.inputs.map(rename) })),
    result: rename(plain.result),
  };
  const [header, source] = [...emission(network, "ch32v003").values()] as [string, string];
  // What steps share comes first.
  const functions = [...source.matchAll(/^FUNCTION void (\w+)/gm)].map(([, name]) => name!).slice(-9);
  expect(functions).toEqual([
    "logits_layer",
    "rescale_in_place",
    "int_layer",
    "FUNCTION_layer",
    "sums_layer",
    "arena_layer",
    "dense_weights",
    "dense",
    "rescale_in_place_2",
  ]);
  expect(source).toContain("dense_weights_2[");
  expect(header).toContain("int n3d_net_infer(const int8_t *input, int32_t *logits);");
});

test("text from outside cannot leave its comment", () => {
  const hostile = "*/ int evil; /* \u202e ??/ \\";
  const [header, source] = [
    ...emission({ ...gestures, doc: hostile }, "host", "", { ...provenance, model: hostile, classes: [hostile, "b", "c", "d"] }).values(),
  ] as [string, string];
  for (const text of [header, source]) {
    expect(text.replace(/\/\*[^]*?\*\//g, "")).not.toContain("evil");
    expect(text).not.toMatch(/\p{Bidi_Control}/u);
  }
});

test("promises a measurement of cycles where there is a model of them", () => {
  expect(emission(gestures, "ch32v003").get("gestures.h")).toMatch(/cycles by estimate, a third to twice that; `bnmc sim` measures\n/);
  expect(emission(gestures, "cortex_m0").get("gestures.h")).toMatch(/cycles by estimate, a third to twice that\n/);
});

test("calls nothing an estimate where only what is exact is said", () => {
  expect(emission(gestures, "host").get("gestures.h")).toMatch(/ Size:\n .*flash  weights and tables [\d,]+ bytes\n/);
  expect(emission(gestures, "host").get("gestures.h")).not.toMatch(/estimate/);
});

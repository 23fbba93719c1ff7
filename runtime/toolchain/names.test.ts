import { join } from "node:path";
import { expect, test } from "vitest";
import { forcedPlan } from "#compiler/cases/emit/forced-plan.js";
import { perceptron, provenance, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { emit } from "#compiler/emit/emit.js";
import type { Network } from "#compiler/ir/network.js";
import { checkEntry } from "#compiler/plan/check.js";
import { buildFirmware } from "../firmware/build.js";
import { inTemporaryFolder, writeFile } from "../host.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { representatives } from "../verify/testing/representatives.js";
import { findCompiler } from "./cc.js";
import { run } from "./process.js";

/** Whatever emitted C says somewhere may be the name of a layer, a model or an entry. */
const templates = loadTemplates();
const chip = loadTarget("ch32v003");
const host = findCompiler(loadTarget("host"));
const nowhere = { source: { path: "", text: "" }, start: 0, end: 0 };

const wordsOf = (text: string): readonly string[] => text.replace(/\/\*[^]*?\*\/|"[^"\n]*"/g, "").match(/\b[A-Za-z_]\w*/g) ?? [];

/** All identifiers of emissions that have every template, and macros that stdint.h and stddef.h define. */
const words = [
  ...new Set([
    ...representatives(chip).flatMap(({ plan, weights }) => [...emit(plan, weights, templates, provenance).values()].flatMap(wordsOf)),
    ..."INT8_MAX INT32_MIN UINT16_MAX INT64_C SIZE_MAX PTRDIFF_MIN WCHAR_MAX size_t max_align_t N_H N_INPUTS N_CLASSES errno".split(" "),
  ]),
].filter((word) => !/^((ch32v003|CH32V003)_.*|(dense|relu|flatten)\d+|input)$/.test(word));

/** The network with other names for its layers. */
function named(network: Network, ids: readonly string[], name = network.name): Network {
  const rename = (id: string): string => (/^dense\d$/.test(id) ? (ids[Number(id.slice(5)) - 1] ?? id) : id);
  return {
    ...network,
    name,
    layers: network.layers.map((layer) => ({ ...layer, id: rename(layer.id), inputs: layer.inputs.map(rename) })),
    result: rename(network.result),
  };
}

const n = perceptron({ name: "n", input: [12], layers: Array.from({ length: 8 }, () => [5, "4bitsym"] as const) });

function complaints(files: ReadonlyMap<string, string>): string {
  return inTemporaryFolder((folder) => {
    for (const [path, text] of files) writeFile(join(folder, path), text);
    const sources = [...files.keys()].filter((path) => path.endsWith(".c"));
    const outcome = run(host!.command, ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-fsyntax-only", `-I${folder}`, ...sources], {
      cwd: folder,
    })!;
    return outcome.stderr;
  });
}

const emission = (network: Network, entry: string, slices: boolean) => {
  const plan = forcedPlan(
    network,
    chip,
    (bids) => (slices ? bids.find(({ kernel }) => kernel.name === "dense-bitsliced") : undefined) ?? bids[0]!,
  );
  return emit({ ...plan, entry }, seededWeights(network), templates, { ...provenance, classes: ["a", "b", "a", "max", "c"] });
};

test.skipIf(host === undefined)("layers may be called whatever emitted files say", () => {
  expect(words.length).toBeGreaterThan(250);
  const files = new Map<string, string>();
  for (let at = 0; at < words.length; at += 8) {
    for (const slices of [false, true]) {
      const network = named(n, words.slice(at, at + 8), "n");
      for (const [path, text] of emission(network, "n_infer", slices))
        files.set(
          path.replace("n.", `n${at}${slices ? "s" : ""}.`),
          text.replace('#include "n.h"', `#include "n${at}${slices ? "s" : ""}.h"`),
        );
    }
  }
  expect(complaints(files)).toBe("");
});

test.skipIf(host === undefined)("models may be called so as well, and like files that C includes", () => {
  const others = "stdint stddef stdio board main digits int INT8 demo driver".split(" ");
  const names = [...words.filter((_, at) => at % 5 === 0), ...others];
  for (const name of names) expect(complaints(emission(named(n, [], name), `${name}_infer`, false)), name).toBe("");
});

const deployment = (entry: string) => ({
  network: "n",
  target: "",
  settings: { entry },
  claims: [],
  origin: nowhere,
  targetOrigin: nowhere,
});
/** What the demo and the boards call their own. */
const inDemos = "print demo start input logits labels samples answers checksum classify given answer main board_init putchar".split(" ");
const entries = [...words, ...inDemos];

test.skipIf(findCompiler(chip) === undefined)("an entry is refused, or its firmware links", () => {
  const allowed = entries.filter((entry) => checkEntry(entry, deployment(entry)).length === 0);
  const refused = entries.filter((entry) => !allowed.includes(entry));
  expect(refused).toEqual(expect.arrayContaining(["INT8_MAX", "N_H", "N_CLASSES", "arena", "main", "board_init", "size_t", "FUNCTION"]));
  expect(allowed).toEqual(
    expect.arrayContaining(["classify", "print", "demo", "start", "input", "logits", "labels", "samples", "answers", "checksum"]),
  );
  const plan = forcedPlan(n, chip, (bids) => bids[0]!);
  for (const entry of allowed.filter((name, at) => at % 12 === 0 || entries.indexOf(name) >= words.length)) {
    const named = { ...plan, entry };
    const sample = { input: new Int8Array(12), label: 0, answer: 0, checksum: 0 };
    buildFirmware({
      plan: named,
      emission: emit(named, seededWeights(n), templates, provenance),
      templates,
      demo: { dataset: "none", width: 12, samples: [sample] },
    });
  }
});

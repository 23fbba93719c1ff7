import { expect, test } from "vitest";
import { perceptron, provenance, seededInputs, seededWeights } from "#compiler/cases/emit/perceptron.js";
import { catalog } from "#compiler/catalog/index.js";
import { emit } from "#compiler/emit/emit.js";
import { plan } from "#compiler/plan/plan.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { verifyOnHost } from "./verify.js";

const templates = loadTemplates();
const sanitizers = ["-fsanitize=undefined,address", "-fno-sanitize-recover=all", "-O1"];

test.each(Object.keys(catalog.quantizers))("%s agrees", (quantizer) => {
  for (const target of ["host", "ch32v003"]) {
    const network = perceptron({
      name: "net",
      input: [7, 9],
      layers: [
        [17, quantizer],
        [5, quantizer],
        [3, quantizer],
      ],
    });
    const weights = seededWeights(network);
    const planned = plan(network, loadTarget(target)).value!;
    const emission = emit(planned, weights, templates, provenance);
    const result = verifyOnHost({ plan: planned, weights, emission, templates, inputs: seededInputs(network, 50), count: 50 }, sanitizers);
    expect(result.first).toEqual([]);
    expect(result.samples).toBe(50);
  }
});

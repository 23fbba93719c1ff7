import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decisionsOf, impliedClip, type Latent, levelValue, quantize } from "#compiler/catalog/codebook/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { compileModule, instantiate, sharedMemory } from "#compiler/wasm/instance.js";
import { perceptron } from "../../../testing/perceptron.js";
import { noState } from "../../../state.js";
import { latentMemory } from "../latent.js";
import { compileProgram } from "../program.js";

const [units, inputs] = [6, 31];

/** Quantizes a layer with its compiled function. */
function compiledQuantizer(
  format: string,
): (values: Float32Array, clip: Float32Array) => { readonly levels: Int32Array; readonly weightScale: number } {
  const network = perceptron([inputs, units], { weights: format });
  const rules = {
    optimizer: { name: "sgd", arguments: { momentum: 0, decay: 0 } },
    clip: { name: "octav", arguments: { per: "tensor", until: 9 } },
    average: 0,
  };
  const { bytes, pages, layout } = compileProgram({ ...rules, network, batch: 4 });
  const memory = sharedMemory(pages);
  const run = instantiate(compileModule(bytes), memory);
  const place = layout.layers.get("dense1")!;
  const floats = new Float32Array(memory.buffer);
  return (weights, clip) => {
    const layer = { shape: [units, inputs], format, weights, slots: [], clip, clipSlots: [] };
    latentMemory(layout, memory.buffer).write({ ...noState, layers: new Map([["dense1", layer]]) });
    run["quantize"]!();
    const row = (unit: number): Float32Array => floats.subarray((place.levels + unit * place.stride) / 4).subarray(0, inputs);
    return {
      levels: Int32Array.from(Array.from({ length: units }, (_, unit) => [...row(unit)]).flat()),
      weightScale: floats[place.weightScale / 4]!,
    };
  };
}

/** Weights on thresholds, and the float32 neighbours of those. */
function nearThresholds(quantizer: Quantizer, clip: number): fc.Arbitrary<number> {
  const thresholds = [...decisionsOf(quantizer).thresholds].filter(Number.isFinite);
  const words = new Int32Array(1);
  const value = new Float32Array(words.buffer);
  return fc.tuple(fc.constantFrom(...thresholds), fc.integer({ min: -2, max: 2 })).map(([threshold, ulps]) => {
    value[0] = (threshold / quantizer.fullScale) * clip;
    words[0]! += ulps;
    return Number.isNaN(value[0]!) ? 0 : value[0]!;
  });
}

describe.each(Object.values(catalog.quantizers))("$name", (quantizer) => {
  const compiled = compiledQuantizer(quantizer.name);
  const magnitude = fc.float({ min: Math.fround(1e-6), max: 100, noNaN: true });

  test("compiled gives exactly the codebook's levels, on thresholds and beside them too", () => {
    const latents = fc.record({ perRow: fc.boolean(), first: magnitude }).chain(({ perRow, first }) => {
      const scalars = fc.array(magnitude, { minLength: units, maxLength: units });
      // Quarters: their means, too, are numbers on which others are thresholds.
      const quarter = fc.integer({ min: -9, max: 9 }).map((count) => count / 4);
      const weight = fc.oneof(
        nearThresholds(quantizer, first),
        quarter,
        fc.float({ min: -200, max: 200, noNaN: true }),
        fc.constantFrom(0, -0),
      );
      return fc.record({
        values: fc.array(weight, { minLength: units * inputs, maxLength: units * inputs }),
        clip: perRow ? scalars : fc.constant([first]),
      });
    });
    fc.assert(
      fc.property(latents, ({ values, clip }) => {
        const given = { values: Float32Array.from(values), rows: units, clip: Float32Array.from(clip) };
        const latent: Latent = { ...given, clip: impliedClip(quantizer, given.values) ?? given.clip };
        const { levels, weightScale } = compiled(given.values, given.clip);
        expect(levels).toEqual(quantize(quantizer, latent));
        expect(weightScale).toBe(Math.fround(levelValue(quantizer, latent.clip)));
      }),
      { numRuns: 100 },
    );
  });
});

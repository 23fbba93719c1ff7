import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "#compiler/random.js";
import { wasmFunction } from "#compiler/wasm/function.js";
import { compileModule, instantiate, sharedMemory } from "#compiler/wasm/instance.js";
import { i32 } from "#compiler/wasm/instructions.js";
import { moduleBuilder } from "#compiler/wasm/module.js";
import { emitProduct, float } from "./product.js";

const shape = fc.record({
  rows: fc.integer({ min: 0, max: 5 }).map((count) => 4 * count),
  columns: fc.integer({ min: 1, max: 7 }).map((count) => 4 * count),
  depth: fc.integer({ min: 0, max: 9 }),
  literal: fc.boolean(),
});

test("products of any shape are those of three loops", () => {
  fc.assert(
    fc.property(shape, ({ rows, columns, depth, literal }) => {
      const [a, b, c] = [0, 4 * rows * depth, 4 * (rows * depth + depth * columns)] as const;
      const module = moduleBuilder();
      const made = wasmFunction(["i32", "i32"], (body, givenRows, givenDepth) => {
        const base = i32.const(0);
        emitProduct(body, {
          ...{ rows: literal ? rows : givenRows, columns, depth: literal ? depth : givenDepth, arithmetic: float },
          a: { address: base, offset: a, row: 4 * depth, depth: 4 },
          b: { address: base, offset: b, panel: 32, depth: () => 4 * columns },
          c: { address: base, offset: c, row: 4 * columns },
        });
      });
      module.export("run", made);
      const memory = sharedMemory(1);
      const floats = new Float32Array(memory.buffer);
      const source = random(rows, columns, depth);
      // Whole numbers: no order of adding rounds.
      for (let i = 0; i < c / 4; i++) floats[i] = source.below(19) - 9;
      const expected = Array.from({ length: rows * columns }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        return Array.from({ length: depth }, (_, k) => floats[row * depth + k]! * floats[b / 4 + k * columns + column]!).reduce(
          (sum, product) => sum + product,
          0,
        );
      });
      instantiate(compileModule(module.encode(1)), memory)["run"]!(rows, depth);
      expect([...floats.subarray(c / 4, c / 4 + rows * columns)].map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
      expect(floats[c / 4 + rows * columns]).toBe(0);
    }),
    { numRuns: 60 },
  );
});

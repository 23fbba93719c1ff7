import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signed, unsigned } from "./encode.js";
import { type Body, type WasmFunction, wasmFunction } from "./function.js";
import { f32, f32x4, f64, i32, type I32, i32x4, type V128, v128 } from "./instructions.js";
import { compileModule, type Exports, instantiate, type Memory, sharedMemory } from "./instance.js";
import { call, callF32, moduleBuilder } from "./module.js";

function built(functions: Readonly<Record<string, WasmFunction>>): { readonly run: Exports; readonly memory: Memory } {
  const module = moduleBuilder();
  for (const [name, made] of Object.entries(functions)) module.export(name, made);
  const memory = sharedMemory(1);
  return { run: instantiate(compileModule(module.encode(1)), memory), memory };
}

/** What a function (i32) → i32 gives. */
const result = (build: (body: Body, given: I32) => I32, given: number): number | undefined =>
  built({ run: wasmFunction(["i32"], (body, operand) => build(body, operand)) }).run["run"]!(given);

describe("numbers", () => {
  test("unsigned ones are as the specification writes them", () => {
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    fc.assert(fc.property(fc.nat(), (value) => unsigned(value).reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0) === value));
  });

  test("signed ones too", () => {
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    fc.assert(
      fc.property(fc.integer(), (value) => result(() => i32.const(value), 0) === value),
      { numRuns: 30 },
    );
    expect(result(() => i32.const(0xff800000), 0)).toBe(0xff800000 | 0);
  });
});

describe("a function", () => {
  test("counts its loops, also those that run not at all", () => {
    const count =
      (end: number | I32, step: number) =>
      (body: Body): I32 => {
        const turns = body.let(i32.const(0));
        const last = body.let(i32.const(-1));
        body.loop(end, step, (counter) => {
          body.set(turns, i32.add(turns, i32.const(1)));
          body.set(last, counter);
        });
        return i32.add(i32.mul(turns, i32.const(1000)), last);
      };
    for (const [end, step, expected] of [
      [12, 4, 3008],
      [4, 4, 1000],
      [0, 4, -1],
    ] as const) {
      expect(result(count(end, step), 0)).toBe(expected);
      expect(result((body, given) => count(given, step)(body), end)).toBe(expected);
    }
  });

  test("starts its locals anew in every turn", () => {
    const sums = (body: Body): I32 => {
      const all = body.let(i32.const(0));
      body.loop(3, 1, () => {
        const inner = body.let(i32.const(5));
        body.set(inner, i32.add(inner, i32.const(1)));
        body.set(all, i32.add(all, inner));
      });
      return all;
    };
    expect(result(sums, 0)).toBe(18);
  });

  test("makes a constant once, before all else", () => {
    const twice = (body: Body): I32 => {
      const all = body.let(i32.const(0));
      body.loop(3, 1, () => body.set(all, i32.add(all, i32.add(body.constant(i32.const(7)), body.constant(i32.const(7))))));
      return all;
    };
    expect(result(twice, 0)).toBe(42);
    expect(wasmFunction([], twice).locals).toHaveLength(3);
  });

  test("does what is conditional only then", () => {
    const chosen = (body: Body, given: I32): I32 => {
      const answer = body.let(i32.const(1));
      body.when(i32.lt_u(given, i32.const(7)), () => body.set(answer, i32.const(2)));
      return answer;
    };
    expect([result(chosen, 6), result(chosen, 7)]).toEqual([2, 1]);
  });

  test("calls those that were added before", () => {
    const module = moduleBuilder();
    const half = module.add(wasmFunction(["f32"], (_body, value) => f32.demote_f64(f64.mul(f64.promote_f32(value), f64.const(0.5)))));
    const write = module.add(wasmFunction(["i32"], (body, address) => body.do(f32.store(address, callF32(half, f32.const(3)), 4))));
    module.export(
      "run",
      wasmFunction([], (body) => body.do(call(write, i32.const(8)))),
    );
    const memory = sharedMemory(1);
    instantiate(compileModule(module.encode(1)), memory)["run"]!();
    expect(new Float32Array(memory.buffer)[3]).toBe(1.5);
  });
});

describe("vectors", () => {
  const lanes = (make: () => V128): number[] => {
    const { run, memory } = built({ run: wasmFunction([], (body) => body.do(v128.store(i32.const(0), make()))) });
    run["run"]!();
    return [...new Float32Array(memory.buffer, 0, 4)];
  };
  const [a, b] = [f32x4.const(1, 2, 3, 4), f32x4.const(10, -20, 30.5, -2.5)];

  test.each([
    ["add", () => f32x4.add(a, b), [11, -18, 33.5, 1.5]],
    ["div", () => f32x4.div(b, a), [10, -10, Math.fround(30.5 / 3), -0.625]],
    ["pmin", () => f32x4.pmin(a, b), [1, -20, 3, -2.5]],
    ["pmax", () => f32x4.pmax(a, b), [10, 2, 30.5, 4]],
    ["nearest", () => f32x4.nearest(b), [10, -20, 30, -2]],
    ["floor", () => f32x4.floor(b), [10, -20, 30, -3]],
    ["and a comparison", () => v128.and(f32x4.gt(b, a), a), [1, 0, 3, 0]],
    ["bitselect", () => v128.bitselect(a, b, f32x4.gt(b, a)), [1, -20, 3, -2.5]],
    ["shuffle", () => i32x4.shuffle(a, b, [0, 5, 2, 7]), [1, -20, 3, -2.5]],
    ["truncate and convert", () => f32x4.convert_i32x4_s(i32x4.trunc_sat_f32x4_s(b)), [10, -20, 30, -2]],
  ] as const)("%s", (_name, make, expected) => expect(lanes(make)).toEqual(expected));
});

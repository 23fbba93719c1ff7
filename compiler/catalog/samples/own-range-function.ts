import { type WasmFunction, wasmFunction } from "../../wasm/function.js";
import { i32, type I32 } from "../../wasm/instructions.js";

/** Where things are in the memory of `ownRangeFunction`, all of them bytes. */
export interface OwnRangePlaces {
  /** Of one sample. */
  readonly size: number;
  /** For each byte: which of the scales a sample has whose largest value it stands for. */
  readonly ranks: number;
  /** For each scale: what each byte becomes. */
  readonly levels: number;
  readonly samples: number;
  readonly results: number;
}

/** A function (samples) that quantizes so many of them by the tables. */
export const ownRangeFunction = ({ size, ranks, levels, samples, results }: OwnRangePlaces): WasmFunction =>
  wasmFunction(["i32"], (body, count) => {
    const from = body.let(i32.const(samples));
    const atOnce = size % 4 === 0 ? 4 : 1;
    const everyByte = (visit: (place: I32, offset: number) => void): void =>
      body.loop(size, atOnce, (i) => {
        const place = body.let(i32.add(from, i));
        for (let offset = 0; offset < atOnce; offset++) visit(place, offset);
      });
    body.loop(count, 1, () => {
      const largest = body.let(i32.const(0));
      everyByte((place, offset) => {
        const rank = body.let(i32.load8_u(i32.load8_u(place, offset), ranks));
        body.when(i32.lt_u(largest, rank), () => body.set(largest, rank));
      });
      const row = body.let(i32.shl(largest, i32.const(8)));
      everyByte((place, offset) => {
        const level = i32.load8_u(i32.add(row, i32.load8_u(place, offset)), levels);
        body.do(i32.store8(place, level, results - samples + offset));
      });
      body.set(from, i32.add(from, i32.const(size)));
    });
  });

import { levelValue, decisionsOf } from "#compiler/catalog/codebook.js";
import { catalog } from "#compiler/catalog/index.js";
import type { Batch, Engine, EngineTask, StepResult } from "../../engine.js";
import { copyOf, type LayerState, type TrainingState } from "../../state.js";
import { compileProgram, constantNames, type Program } from "./program.js";
import { compileModule, type Exports, instantiate, sharedMemory } from "./wasm/instance.js";
import type { LayerPlace, Rows } from "./layout.js";

/** Trains with a step that is compiled for the network: WebAssembly SIMD, made here. */
export async function fusedEngine(task: EngineTask): Promise<Engine> {
  const program = compileProgram(task);
  const memory = sharedMemory(program.pages);
  return engineOn(task, program, memory.buffer, instantiate(compileModule(program.bytes), memory));
}

function engineOn(task: EngineTask, program: Program, buffer: SharedArrayBuffer, run: Exports): Engine {
  const { layout, shards, groups } = program;
  const { frame } = layout;
  const bytes = new Int8Array(buffer);
  const floats = new Float32Array(buffer);
  let state: TrainingState = { layers: new Map(), step: 0 };
  const size = task.network.layers[0]!.type.shape.reduce((product, side) => product * side, 1);

  const optimizer = catalog.optimizers[task.optimizer.name]!;
  const names = constantNames(task.optimizer);

  const frameAt = (shard: number): number => layout.frames + shard * frame.bytes;
  const column = (shard: number, key: Parameters<typeof frame.columns.get>[0], count: number): Float32Array => {
    const start = (frameAt(shard) + frame.columns.get(key)!) / 4;
    return floats.subarray(start, start + count);
  };

  /** Deals out the samples; gives how many each shard has. */
  function deal(inputs: Int8Array, count: number): number[] {
    const most = Math.ceil(Math.ceil(count / 4) / shards) * 4;
    return Array.from({ length: shards }, (_, shard) => {
      const first = Math.min(count, shard * most);
      const own = Math.min(most, count - first);
      const { offset, stride } = frame.samples;
      const start = frameAt(shard) + offset;
      if (stride === size) bytes.set(inputs.subarray(first * size, (first + own) * size), start);
      else for (let i = 0; i < own; i++) bytes.set(inputs.subarray((first + i) * size, (first + i + 1) * size), start + i * stride);
      bytes.fill(0, start + own * stride, start + Math.ceil(own / 4) * 4 * stride);
      column(shard, "share", frame.rows).fill(0).fill(1 / count, 0, own);
      return own;
    });
  }

  function runGroups(name: "gradient" | "forward", counts: readonly number[]): void {
    for (let group = 0; group < groups[name]; group++) {
      counts.forEach((count, shard) => run[`${name}${group}`]!(frameAt(shard), Math.ceil(count / 4) * 4));
      run[`${name}Total${group}`]!();
    }
  }

  function step({ inputs, labels }: Batch, rate: number): StepResult {
    const counts = deal(inputs, labels.length);
    let first = 0;
    counts.forEach((count, shard) => {
      const [label, importance] = [column(shard, "label", frame.rows), column(shard, "importance", frame.rows).fill(0)];
      for (let i = 0; i < count; i++) {
        label[i] = labels[first + i]!;
        importance[i] = task.classWeights[labels[first + i]!]! / labels.length;
      }
      first += count;
    });
    runGroups("gradient", counts);
    const result = measure(counts);
    if (Number.isFinite(result.loss)) update(rate);
    return result;
  }

  function measure(counts: readonly number[]): StepResult {
    let [loss, correct] = [0, 0];
    counts.forEach((count, shard) => {
      const [label, importance] = [column(shard, "label", count), column(shard, "importance", count)];
      const [largest, total, answer, first] = [program.loss.largest, program.loss.total, program.loss.answer, program.loss.first].map((node) => column(shard, node, count)) as [Float32Array, Float32Array, Float32Array, Float32Array];
      for (let i = 0; i < count; i++) {
        loss += importance[i]! * (Math.log(total[i]!) + largest[i]! - answer[i]!);
        if (task.classWeights.length - first[i]! === label[i]) correct++;
      }
    });
    return { loss, correct };
  }

  function update(rate: number): void {
    state = { ...state, step: state.step + 1 };
    const constants = optimizer.constants(task.optimizer.arguments, rate, state.step);
    names.forEach((name, i) => (floats[layout.constants / 4 + i] = constants[name]!));
    run["update"]!();
    run["quantize"]!();
  }

  function load(given: TrainingState): void {
    state = copyOf(given);
    for (const [id, layer] of state.layers) loadLayer(layout.layers.get(id)!, layer);
    run["quantize"]!();
  }

  function loadLayer(place: LayerPlace, { clip, weights, slots }: LayerState): void {
    const { quantizer, units } = place;
    const doubles = new Float64Array(buffer);
    const { thresholds, codes } = decisionsOf(quantizer);
    doubles.set(thresholds, place.thresholds / 8);
    floats.set(Float32Array.from(codes, (code) => quantizer.levels[code]!), place.ascending / 4);
    for (let row = 0; row < units; row++) doubles[place.gains / 8 + row] = quantizer.fullScale / (clip.length === 1 ? clip[0]! : clip[row]!);
    floats[place.unit / 4] = levelValue(quantizer, clip);
    [weights, ...slots].forEach((values, i) => eachRow(place, i, (row, held) => held.set(values.subarray(row * place.inputs, (row + 1) * place.inputs))));
  }

  /** Block 0 is the weights, those after it the slots. */
  function eachRow({ units, inputs, offset, stride }: LayerPlace, block: number, use: (row: number, held: Float32Array) => void): void {
    const start = ([layout.latent, ...layout.slots][block]! + offset) / 4;
    for (let row = 0; row < units; row++) use(row, floats.subarray(start + (row * stride) / 4, start + (row * stride) / 4 + inputs));
  }

  function saved(): TrainingState {
    const layers = [...state.layers].map(([id, layer]) => {
      const place = layout.layers.get(id)!;
      const read = (block: number): Float32Array => {
        const values = new Float32Array(layer.weights.length);
        eachRow(place, block, (row, held) => values.set(held, row * place.inputs));
        return values;
      };
      return [id, { ...layer, weights: read(0), slots: layer.slots.map((_, i) => read(i + 1)), clip: layer.clip.slice() }] as const;
    });
    return { layers: new Map(layers), step: state.step };
  }

  function sums(inputs: Int8Array): Float32Array {
    const count = inputs.length / size;
    const { width } = program.sums;
    const result = new Float32Array(count * width);
    const most = frame.rows * shards;
    const rows: Rows = frame.floats.get(program.sums)!;
    for (let done = 0; done < count; done += most) {
      const part = Math.min(most, count - done);
      const counts = deal(inputs.subarray(done * size, (done + part) * size), part);
      runGroups("forward", counts);
      let first = done;
      counts.forEach((own, shard) => {
        for (let i = 0; i < own; i++) {
          const start = (frameAt(shard) + rows.offset + i * rows.stride) / 4;
          result.set(floats.subarray(start, start + width), (first + i) * width);
        }
        first += own;
      });
    }
    return result;
  }

  return { name: "fused", load, step, sums, state: saved, dispose: () => undefined };
}

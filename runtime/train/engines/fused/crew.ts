import { Worker } from "node:worker_threads";
import { type Exports, instantiate, type Memory } from "#compiler/wasm/instance.js";

/** One call of a function of the module: the address of a frame, and how many rows of it. */
export interface Job {
  readonly frame: number;
  readonly rows: number;
}

/** Threads that run one function of a module on several frames of its memory. */
export interface Crew {
  /** Runs all jobs and waits for them. */
  run(name: string, jobs: readonly Job[]): void;
  dispose(): void;
}

/** What this thread tells its members, in shared memory: a round begins when its number changes. */
const control = { round: 0, finished: 1, name: 2, length: 3 } as const;

interface MemberTask {
  readonly module: object;
  readonly memory: Memory;
  readonly board: SharedArrayBuffer;
  readonly names: readonly string[];
  readonly member: number;
  readonly threads: number;
}

/** A crew of so many threads, this one included: member `i` does jobs `i`, `i + threads` … of every round. */
export function crewOf(threads: number, module: object, memory: Memory, names: readonly string[]): Crew {
  const exports = instantiate(module, memory);
  const runAlone = (name: string, jobs: readonly Job[]): void => jobs.forEach(({ frame, rows }) => exports[name]!(frame, rows));
  return threads === 1 ? { run: runAlone, dispose: () => undefined } : sharedCrew(threads, module, memory, names, exports);
}

/** How many jobs a round may have. */
const mostJobs = 64;

function sharedCrew(threads: number, module: object, memory: Memory, names: readonly string[], exports: Exports): Crew {
  const board = new SharedArrayBuffer(4 * (control.length + 1 + 2 * mostJobs));
  const words = new Int32Array(board);
  const members = Array.from({ length: threads - 1 }, (_, i) => {
    const workerData: MemberTask = { module, memory, board, names, member: i + 1, threads };
    const worker = new Worker(`(${work.toString()})(require("node:worker_threads").workerData)`, { eval: true, workerData });
    worker.unref();
    return worker;
  });
  return {
    run: (name, jobs) => {
      words[control.name] = names.indexOf(name);
      words[control.length] = jobs.length;
      jobs.forEach(({ frame, rows }, i) => words.set([frame, rows], control.length + 1 + 2 * i));
      Atomics.store(words, control.finished, 0);
      Atomics.add(words, control.round, 1);
      Atomics.notify(words, control.round);
      for (let i = 0; i < jobs.length; i += threads) exports[name]!(jobs[i]!.frame, jobs[i]!.rows);
      for (let done = Atomics.load(words, control.finished); done < members.length; done = Atomics.load(words, control.finished)) {
        Atomics.wait(words, control.finished, done);
      }
    },
    dispose: () => members.forEach((worker) => void worker.terminate()),
  };
}

/**
 * What a member does for ever. It runs from its own text, so that it needs no file and nothing to load: it must not
 * refer to anything outside. The numbers are those of `control`.
 */
function work({ module, memory, board, names, member, threads }: MemberTask): void {
  const host = (
    globalThis as unknown as {
      readonly WebAssembly: { readonly Instance: new (module: object, imports: object) => { readonly exports: Exports } };
    }
  ).WebAssembly;
  const { exports } = new host.Instance(module, { env: { memory } });
  const words = new Int32Array(board);
  /** Looks so often for the next round before it sleeps: between two rounds there are microseconds. */
  const patience = 2000;
  for (let round = 0; ; round++) {
    for (let i = 0; i < patience && Atomics.load(words, 0) === round; i++);
    while (Atomics.load(words, 0) === round) Atomics.wait(words, 0, round);
    const run = exports[names[words[2]!]!]!;
    for (let job = member; job < words[3]!; job += threads) run(words[4 + 2 * job]!, words[5 + 2 * job]!);
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
  }
}

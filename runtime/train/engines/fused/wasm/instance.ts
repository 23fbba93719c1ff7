import { exitCodes, Failure } from "../../../../failure.js";

/** The memory of a module, which all of its instances and all threads share. */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
}

export type Exports = Readonly<Record<string, (...operands: readonly number[]) => number | undefined>>;

/** What bnmc uses of the WebAssembly interface; TypeScript declares it only for browsers. */
interface WebAssemblyInterface {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number; readonly shared: true }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: Memory } }) => { readonly exports: Exports };
}

const { WebAssembly: host } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };

/** A page has 64 KiB, and WebAssembly at most 65,536 of them. */
export function sharedMemory(pages: number): Memory {
  try {
    return new host.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    throw new Failure(`a training step needs ${Math.ceil(pages / 16).toLocaleString("en")} MiB of memory: there is not so much, or more than the 4,096 MiB that a step can have`, "make `batch` or the model smaller", exitCodes.rejected);
  }
}

/** Compiles what `ModuleBuilder.encode` gives; a module can be sent to other threads. */
export const compileModule = (bytes: Uint8Array<ArrayBuffer>): object => new host.Module(bytes);

export const instantiate = (module: object, memory: Memory): Exports => new host.Instance(module, { env: { memory } }).exports;

/** The memory of a module, which all of its instances and all threads share. */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
}

export type Exports = Readonly<Record<string, (...operands: readonly number[]) => number | undefined>>;

/** What bnmc uses of the WebAssembly interface; TypeScript declares it only for browsers. */
declare const WebAssembly: {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number; readonly shared: true }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: Memory } }) => { readonly exports: Exports };
};

/** A page has 64 KiB, and WebAssembly at most 65,536 of them: throws where there are not so many. */
export const sharedMemory = (pages: number): Memory => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });

/** Compiles what `ModuleBuilder.encode` gives; a module can be sent to other threads. */
export const compileModule = (bytes: Uint8Array<ArrayBuffer>): object => new WebAssembly.Module(bytes);

export const instantiate = (module: object, memory: Memory): Exports => new WebAssembly.Instance(module, { env: { memory } }).exports;

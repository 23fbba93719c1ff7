import type { WasmFunction } from "./function.js";
import { compileModule, type Exports, instantiate, type Memory, sharedMemory } from "./instance.js";
import { moduleBuilder, pageSize } from "./module.js";

/** Places in a memory that is still to be made, each after the one before it. */
export interface Rooms {
  /** The address of so many bytes, a multiple of 16. */
  room(bytes: number): number;
  /** What all rooms take together. */
  total(): number;
}

export function rooms(): Rooms {
  let end = 0;
  return {
    room: (bytes) => {
      const address = end;
      end += 16 * Math.ceil(bytes / 16);
      return address;
    },
    total: () => end,
  };
}

/** Compiles functions, and gives them a memory of their own of at least so many bytes. */
export function startModule(
  functions: Readonly<Record<string, WasmFunction>>,
  bytes: number,
): { readonly run: Exports; readonly memory: Memory } {
  const module = moduleBuilder();
  for (const [name, made] of Object.entries(functions)) module.export(name, made);
  const pages = Math.ceil(bytes / pageSize);
  const memory = sharedMemory(pages);
  return { run: instantiate(compileModule(module.encode(pages)), memory), memory };
}

import { Failure } from "../failure.js";

/** One memory of a chip. */
export interface MemorySpec {
  readonly name: string;
  /** The start of a 16 MiB page: 0x00000000, 0x20000000… */
  readonly base: number;
  /** Bytes, a multiple of four. */
  readonly size: number;
  /** Other addresses of the same bytes, under the same rule as `base`. */
  readonly aliases?: readonly number[];
  /** Whether stores reach it; flash is only written by programming. */
  readonly writable: boolean;
  /** Cycles an access takes longer than in the fastest memory. */
  readonly waitStates: number;
}

/** All memories in one buffer, and by the upper eight bits of an address where in it they lie. */
export interface AddressSpace {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly halves: Int16Array;
  readonly memories: readonly PlacedMemory[];
  /** Per page: offset in the buffer, readable bytes, writable bytes, wait states. */
  readonly start: Int32Array;
  readonly size: Int32Array;
  readonly writable: Int32Array;
  readonly waits: Int32Array;
}

export interface PlacedMemory extends MemorySpec {
  /** Offset in the buffer. */
  readonly start: number;
}

const pages = 256;
const pageBytes = 2 ** 24;
// Code that runs off the end of a memory must not run into the next one.
const gap = 64;

export function createAddressSpace(specs: readonly MemorySpec[]): AddressSpace {
  let end = gap;
  const memories = specs.map((spec) => {
    const start = end;
    end = Math.ceil((start + spec.size) / gap + 1) * gap;
    return { ...spec, start };
  });
  const buffer = new ArrayBuffer(end);
  const space: AddressSpace = {
    ...{ bytes: new Uint8Array(buffer), words: new Int32Array(buffer), halves: new Int16Array(buffer), memories },
    ...{ start: new Int32Array(pages), size: new Int32Array(pages), writable: new Int32Array(pages), waits: new Int32Array(pages) },
  };
  for (const memory of memories) for (const base of [memory.base, ...(memory.aliases ?? [])]) place(space, memory, base);
  return space;
}

function place(space: AddressSpace, memory: PlacedMemory, base: number): void {
  const page = base >>> 24;
  const wrong = (why: string): Failure =>
    new Failure(`memory ${memory.name} at 0x${base.toString(16)} ${why}`, "correct the memories of the target");
  if (base % pageBytes !== 0 || memory.size > pageBytes) throw wrong("must start on a 16 MiB boundary and fit in 16 MiB");
  if (memory.size <= 0 || memory.size % 4 !== 0) throw wrong(`has ${memory.size} bytes; it needs a multiple of four`);
  if (space.size[page] !== 0) throw wrong("overlaps another memory");
  space.start[page] = memory.start;
  space.size[page] = memory.size;
  space.writable[page] = memory.writable ? memory.size : 0;
  space.waits[page] = memory.waitStates;
}

/** Where the byte at an address lies in the buffer; -1 when no memory has it. */
export function offsetOf(space: AddressSpace, address: number): number {
  const page = address >>> 24;
  const offset = address & (pageBytes - 1);
  return offset < space.size[page]! ? space.start[page]! + offset : -1;
}

/** The memory at an address, if any. */
export function memoryAt(space: AddressSpace, address: number): PlacedMemory | undefined {
  const offset = offsetOf(space, address);
  return offset < 0 ? undefined : space.memories.find(({ start, size }) => offset >= start && offset < start + size);
}

/** The bytes of an address range, not a copy; a `Failure` when they are not all in one memory. */
export function bytesAt(space: AddressSpace, address: number, length: number): Uint8Array {
  const offset = offsetOf(space, address);
  const memory = memoryAt(space, address);
  if (memory === undefined || offset + length > memory.start + memory.size) {
    const range = `0x${(address >>> 0).toString(16)} to 0x${((address >>> 0) + length).toString(16)}`;
    throw new Failure(`the target has no memory from ${range}`, "link the image for this target's memories");
  }
  return space.bytes.subarray(offset, offset + length);
}

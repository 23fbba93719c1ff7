import { decode, type Isa } from "#compiler/riscv/index.js";
import { Trap } from "./fault.js";
import { effects } from "./effects.js";
import { memoryAt, type AddressSpace } from "./memory.js";
import { microOperation, microOperationOf } from "./micro-operations.js";
import { mayWait, type Timing } from "./timing.js";

/**
 * The instructions of all memories, decoded when they are first met: two numbers for every half-word of the buffer.
 *
 *     words:  wait 31 | wide 30 | half-words 25..24 | rs2 23..19 | rs1 18..14 | rd 13..8 | micro-operation 7..0
 *
 * `wait` is set when the instruction may have to wait for a line of code, and makes the word negative. Writes to x0 go to
 * register 32, which nothing reads. `immediates` counts in half-words for branches and jumps.
 */
export interface Program {
  readonly words: Int32Array;
  readonly immediates: Int32Array;
  /** For each 64 bytes of the buffer whether any of them is decoded. */
  readonly hasCode: Uint8Array;
  /** Decodes the instruction at an index, known to the program under `address`. Traps when there is none. */
  readonly decodeAt: (index: number, address: number) => void;
  /** To be called after a store of up to four bytes to `offset` of the buffer: code made at run time is decoded again. */
  readonly invalidate: (offset: number) => void;
  /** The same for any number of bytes. */
  readonly invalidateRange: (offset: number, length: number) => void;
  /** Forgets all that was decoded. */
  readonly forget: () => void;
  /** The interpreter stops when it comes to this address; one at a time. */
  readonly stopAt: (address: number | undefined) => void;
}

export const waitBit = 1 << 31;
export const wideBit = 1 << 30;
const discard = 32;

/** `sameFunction` tells whether two addresses lie in the same function. */
export function createProgram(space: AddressSpace, isa: Isa, timing: Timing, sameFunction: (a: number, b: number) => boolean): Program {
  const count = space.bytes.length / 2;
  const [words, immediates] = [new Int32Array(count), new Int32Array(count)];
  const hasCode = new Uint8Array(Math.ceil(space.bytes.length / 64));
  let stop: number | undefined;

  function decodeAt(index: number, address: number): void {
    const memory = memoryAt(space, address);
    if (memory === undefined) throw new Trap("unmapped-fetch", address);
    if ((address & 3) !== 0 && !isa.compressed) throw new Trap("illegal-instruction", address);
    const instruction = decode((space.halves[index]! & 0xffff) | (space.halves[index + 1]! << 16), isa);
    if (typeof instruction === "string") throw new Trap(instruction, address);
    const { operation, encoding, rd, rs1, rs2, immediate } = instruction;
    const offset = 2 * index - memory.start;
    if (offset + encoding.bytes > memory.size) throw new Trap("unmapped-fetch", address + 2);
    const number = microOperationOf(instruction, () => !sameFunction(address, address + immediate));
    const flags = (mayWait(offset, encoding.bytes, memory, timing) ? waitBit : 0) | (encoding.bytes === 4 ? wideBit : 0);
    words[index] = flags | ((encoding.bytes / 2) << 24) | (rs2 << 19) | (rs1 << 14) | ((rd || discard) << 8) | number;
    if (address === stop) words[index] = microOperation("until");
    immediates[index] = ["branch", "jump"].includes(effects[operation.name].kind) ? immediate >> 1 : immediate;
    hasCode[index >> 5] = 1;
    hasCode[(index + 1) >> 5] = 1;
  }

  // The half-word before a store may begin an instruction that reaches into it.
  const invalidateRange = (offset: number, length: number): void => void words.fill(0, (offset >> 1) - 1, (offset + length + 1) >> 1);
  const invalidate = (offset: number): void => invalidateRange(offset, 4);

  function stopAt(address: number | undefined): void {
    if (stop === address) return;
    stop = address;
    forget();
  }

  const forget = (): void => void words.fill(0);

  return { words, immediates, hasCode, decodeAt, invalidate, invalidateRange, forget, stopAt };
}

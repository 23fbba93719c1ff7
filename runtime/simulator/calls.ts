import type { FunctionRange } from "./symbols.js";

/** What one function cost. */
export interface FunctionProfile {
  readonly name: string;
  readonly calls: number;
  /** Cycles in the function itself, and with the functions it called. */
  readonly exclusive: number;
  readonly inclusive: number;
}

/** Told of each call that ends, of recursive ones the outermost: the function, and the cycles in it and in the functions it called. */
export type OnReturn = (name: string, cycles: number) => void;

/** Follows calls and returns: for backtraces and for the profile. Times are cycles. */
export interface CallStack {
  readonly enter: (target: number, returnAddress: number, time: number) => void;
  /** A jump without link: a return when somebody waits at the target, else possibly a tail call. */
  readonly leave: (target: number, isReturn: boolean, time: number) => void;
  /** Begins anew in the function at an address. */
  readonly restart: (target: number, returnAddress: number, time: number) => void;
  /** How many calls are open. */
  readonly depth: () => number;
  /** Return addresses, innermost first. */
  readonly returnAddresses: () => readonly number[];
  /** Of every function that ran since the start or the last `forget`, in the order of the image. */
  readonly profile: (time: number) => readonly FunctionProfile[];
  readonly forget: (time: number) => void;
  readonly functionAt: (address: number) => FunctionRange | undefined;
}

interface Frame {
  readonly owner: number;
  readonly returnAddress: number;
  /** Entered by a jump from the frame below, which returns together with this one. */
  readonly isTail: boolean;
  entered: number;
}

const noSymbol = "(no symbol)";

// Kernels written by hand may link without ever returning; more frames than this are not kept.
const deepest = 1024;

/** The index after the last function stands for code that no function holds. */
export function createCallStack(functions: readonly FunctionRange[], onReturn: OnReturn = () => undefined): CallStack {
  const count = functions.length + 1;
  const [calls, depth, exclusive, inclusive] = [
    new Float64Array(count),
    new Int32Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  const frames: Frame[] = [];
  let since = 0;
  const top = (): Frame => frames[frames.length - 1]!;

  function charge(time: number): void {
    exclusive[top().owner]! += time - since;
    since = time;
  }

  function begin(owner: number, returnAddress: number, isTail: boolean, time: number, isPart = false): void {
    if (frames.length >= deepest) return;
    if (!isPart) calls[owner]!++;
    depth[owner]!++;
    frames.push({ owner, returnAddress, isTail, entered: time });
  }

  /** Ends frames until `count` are left. */
  function unwind(count: number, time: number): void {
    while (frames.length > count) {
      const { owner, entered } = frames.pop()!;
      // Only the outermost of recursive calls counts, or the time within would count twice.
      if (--depth[owner]! > 0) continue;
      inclusive[owner]! += time - entered;
      onReturn(functions[owner]?.name ?? noSymbol, time - entered);
    }
  }

  function enter(target: number, returnAddress: number, time: number): void {
    charge(time);
    const owner = ownerOf(functions, target);
    // Assembly that calls a part of its own function is still in the same call of it.
    const isPart = owner === top().owner && functions[owner]?.start !== target >>> 0;
    begin(owner, returnAddress, false, time, isPart);
  }

  function leave(target: number, isReturn: boolean, time: number): void {
    let waiting = frames.length - 1;
    while (isReturn && waiting > 0 && frames[waiting]!.returnAddress !== target) waiting--;
    if (frames[waiting]!.returnAddress === target) {
      charge(time);
      while (frames[waiting]!.isTail) waiting--;
      unwind(Math.max(waiting, 1), time);
    } else if (ownerOf(functions, target) !== top().owner) {
      charge(time);
      jump(ownerOf(functions, target), time);
    }
  }

  /** From one function into another: on to a new one, or back to one that is still waiting, as kernels by hand do. */
  function jump(owner: number, time: number): void {
    let below = frames.length - 1;
    while (frames[below]!.isTail && frames[below]!.owner !== owner) below--;
    if (frames[below]!.owner === owner) unwind(below + 1, time);
    else begin(owner, top().returnAddress, true, time);
  }

  function restart(target: number, returnAddress: number, time: number): void {
    if (frames.length > 0) charge(time);
    unwind(0, time);
    since = time;
    begin(ownerOf(functions, target), returnAddress, false, time);
  }

  function forget(time: number): void {
    for (const counter of [calls, exclusive, inclusive]) counter.fill(0);
    for (const frame of frames) frame.entered = time;
    since = time;
  }

  function profile(time: number): readonly FunctionProfile[] {
    if (frames.length > 0) charge(time);
    const open = new Float64Array(count);
    for (const { owner, entered } of frames) open[owner] ||= time - entered;
    const names = [...functions.map(({ name }) => name), noSymbol];
    return names.flatMap((name, i) =>
      exclusive[i]! + inclusive[i]! + open[i]! > 0
        ? [{ name, calls: calls[i]!, exclusive: exclusive[i]!, inclusive: inclusive[i]! + open[i]! }]
        : [],
    );
  }

  return {
    ...{ enter, leave, restart, profile, forget },
    returnAddresses: () =>
      frames
        .slice(1)
        .filter(({ isTail }) => !isTail)
        .map(({ returnAddress }) => returnAddress)
        .reverse(),
    depth: () => frames.length,
    functionAt: (address) => functions[ownerOf(functions, address)],
  };
}

/** By bisection: the last function that starts at or before the address. */
function ownerOf(functions: readonly FunctionRange[], address: number): number {
  let [low, high] = [0, functions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (functions[middle]!.start <= address >>> 0) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address >>> 0 < functions[low - 1]!.end ? low - 1 : functions.length;
}

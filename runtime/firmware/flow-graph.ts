/** A basic block as it ran: straight-line code from the target of one jump to the next jump. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** The most that it ever took. */
  readonly cycles: number;
  /** How often it ran at most in one inference. */
  readonly times: number;
}

/** The control flow graph of inferences: nodes are the targets of jumps, told apart by their call context. */
export interface FlowGraph {
  readonly nodes: number;
  readonly pieces: readonly Piece[];
}

export interface FlowRecorder {
  readonly begin: (cycles: number) => void;
  /** A jump was taken to an address, with so many calls open after it. */
  readonly jump: (from: number, to: number, depth: number, cycles: number) => void;
  readonly end: (cycles: number) => void;
  readonly graph: () => FlowGraph;
}

/** The node of the first instruction; the end leads back to it, so that every inference is a round trip. */
const start = 0;

export function recordFlow(): FlowRecorder {
  const nodes = new Map<number, number>();
  const contexts = new Map<number, number>();
  const pieces: Map<number, Tally>[] = [new Map()];
  let open: number[] = [];
  let [here, since, inference] = [start, 0, 0];

  const nodeAt = (context: number, address: number): number => {
    const node = numberOf(nodes, keyOf(context, address));
    pieces[node] ??= new Map();
    return node;
  };

  const go = (to: number, cycles: number): void => {
    const tally = pieces[here]!.get(to) ?? newTally(pieces[here]!, to);
    if (tally.inference !== inference) [tally.inference, tally.count] = [inference, 0];
    tally.times = Math.max(tally.times, ++tally.count);
    tally.cycles = Math.max(tally.cycles, cycles - since);
    [here, since] = [to, cycles];
  };

  return {
    begin: (cycles) => void ([open, here, since, inference] = [[], start, cycles, inference + 1]),
    jump: (from, to, depth, cycles) => {
      // The outermost call is open from the beginning.
      while (open.length > depth - 1) open.pop();
      while (open.length < depth - 1) open.push(numberOf(contexts, keyOf(open.at(-1) ?? 0, from)));
      go(nodeAt(open.at(-1) ?? 0, to), cycles);
    },
    end: (cycles) => go(start, cycles),
    graph: () => ({
      nodes: pieces.length,
      pieces: pieces.flatMap((some, from) => [...some].map(([to, { cycles, times }]) => ({ from, to, cycles, times }))),
    }),
  };
}

interface Tally {
  cycles: number;
  times: number;
  /** In the inference that it last ran in. */
  count: number;
  inference: number;
}

function newTally(pieces: Map<number, Tally>, to: number): Tally {
  const tally = { cycles: 0, times: 0, count: 0, inference: 0 };
  pieces.set(to, tally);
  return tally;
}

/** Contexts are few: both fit the 53 bits of a number. */
const keyOf = (context: number, address: number): number => context * 2 ** 32 + (address >>> 0);

/** Numbers keys from 1 as they come. */
function numberOf(numbers: Map<number, number>, key: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size + 1);
  return numbers.size;
}

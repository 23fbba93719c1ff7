import type { FlowGraph } from "./flow-graph.js";

/**
 * Implicit path enumeration (IPET; Y.-T. S. Li and S. Malik, DAC 1995): the most cycles of any round trip through a control flow
 * graph whose blocks have execution bounds, where what enters a node leaves it. Solved as a minimum-cost flow: all blocks as
 * often as they may, less the cheapest that must be left out for the flow to balance, by successive shortest paths.
 */
export function longestPath({ nodes, pieces }: FlowGraph): number {
  // What is left out of a piece flows from a node that more leaves than enters to one that more enters than leaves.
  const surplus = new Float64Array(nodes);
  const arcs: Arc[][] = Array.from({ length: nodes }, () => []);
  for (const { from, to, cycles, times } of pieces) {
    surplus[from]! += times;
    surplus[to]! -= times;
    const arc: Arc = { to, cost: cycles, room: times, back: arcs[to]!.length + (from === to ? 1 : 0) };
    arcs[from]!.push(arc);
    arcs[to]!.push({ to: from, cost: -cycles, room: 0, back: arcs[from]!.length - 1 });
  }
  const most = pieces.reduce((sum, { cycles, times }) => sum + cycles * times, 0);
  const potentials = new Float64Array(nodes);
  let left = 0;
  for (let source = 0; source < nodes; source++) {
    while (surplus[source]! > 0) left += drain(source, arcs, surplus, potentials);
  }
  return most - left;
}

interface Arc {
  readonly to: number;
  readonly cost: number;
  /** How much may still flow. */
  room: number;
  /** The opposite arc, by its place among those of `to`. */
  readonly back: number;
}

/** Sends what it can to the nearest node that lacks something; returns what that costs. */
function drain(source: number, arcs: readonly (readonly Arc[])[], surplus: Float64Array, potentials: Float64Array): number {
  const { sink, distances, arrivals } = nearest(source, arcs, surplus, potentials);
  let amount = Math.min(surplus[source]!, -surplus[sink]!);
  for (let node = sink; node !== source;) {
    const { from, arc } = arrivals.get(node)!;
    amount = Math.min(amount, arc.room);
    node = from;
  }
  let cost = 0;
  for (let node = sink; node !== source;) {
    const { from, arc } = arrivals.get(node)!;
    arc.room -= amount;
    arcs[node]![arc.back]!.room += amount;
    cost += amount * arc.cost;
    node = from;
  }
  surplus[source]! -= amount;
  surplus[sink]! += amount;
  const reach = distances.get(sink)!;
  for (const [node, distance] of distances) if (distance < reach) potentials[node]! += distance - reach;
  return cost;
}

interface Search {
  readonly sink: number;
  readonly distances: ReadonlyMap<number, number>;
  readonly arrivals: ReadonlyMap<number, { readonly from: number; readonly arc: Arc }>;
}

/** Dijkstra's shortest paths over costs that potentials keep from being negative, up to the first node with a deficit. */
function nearest(source: number, arcs: readonly (readonly Arc[])[], surplus: Float64Array, potentials: Float64Array): Search {
  const distances = new Map([[source, 0]]);
  const arrivals = new Map<number, { readonly from: number; readonly arc: Arc }>();
  const settled = new Set<number>();
  const queue = createQueue();
  queue.push(0, source);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (settled.has(node)) continue;
    settled.add(node);
    if (surplus[node]! < 0) return { sink: node, distances: new Map([...settled].map((each) => [each, distances.get(each)!])), arrivals };
    for (const arc of arcs[node]!) {
      if (arc.room === 0 || settled.has(arc.to)) continue;
      const distance = distances.get(node)! + arc.cost + potentials[node]! - potentials[arc.to]!;
      if (distance >= (distances.get(arc.to) ?? Infinity)) continue;
      distances.set(arc.to, distance);
      arrivals.set(arc.to, { from: node, arc });
      queue.push(distance, arc.to);
    }
  }
  throw new Error("a flow that enters a node does not leave it");
}

/** Smallest first: a binary heap. */
function createQueue(): { readonly push: (key: number, value: number) => void; readonly pop: () => number | undefined } {
  const heap: { readonly key: number; readonly value: number }[] = [];
  const swap = (a: number, b: number): void => void ([heap[a], heap[b]] = [heap[b]!, heap[a]!]);
  const isLess = (a: number, b: number): boolean => heap[a]!.key < heap[b]!.key;
  return {
    push: (key, value) => {
      heap.push({ key, value });
      for (let at = heap.length - 1; at > 0 && isLess(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
    },
    pop: () => {
      if (heap.length === 0) return undefined;
      swap(0, heap.length - 1);
      const { value } = heap.pop()!;
      for (let at = 0, least = -1; least !== at; at = least) {
        least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && isLess(child, least)) least = child;
        if (least === at) break;
        swap(at, least);
      }
      return value;
    },
  };
}

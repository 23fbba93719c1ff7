/** What is traded against each other: a value, the more the better, and costs, the less the better. */
export interface Trade {
  readonly value: number;
  readonly costs: readonly number[];
}

/** Whether one is at least as good in everything and better in something. */
export function beats(a: Trade, b: Trade): boolean {
  if (a.value < b.value || a.costs.some((cost, i) => cost > b.costs[i]!)) return false;
  return a.value > b.value || a.costs.some((cost, i) => cost < b.costs[i]!);
}

/** Those that no other beats, the Pareto front, in their order; equals stay together. */
export function paretoFront<T>(items: readonly T[], tradeOf: (item: T) => Trade): readonly T[] {
  const trades = items.map(tradeOf);
  return items.filter((_, i) => !trades.some((other) => beats(other, trades[i]!)));
}

import fc from "fast-check";
import { expect, test } from "vitest";
import type { FlowGraph, Piece } from "./flow-graph.js";
import { longestPath } from "./longest-path.js";

const nodes = 4;
const graphs: fc.Arbitrary<FlowGraph> = fc
  .uniqueArray(
    fc.record({
      from: fc.nat(nodes - 1),
      to: fc.nat(nodes - 1),
      cycles: fc.integer({ min: 1, max: 9 }),
      times: fc.integer({ min: 1, max: 2 }),
    }),
    {
      selector: ({ from, to }) => from * nodes + to,
      maxLength: 7,
    },
  )
  .map((pieces) => ({ nodes, pieces }));

/** Tries every number of times for every piece. */
function exhaustively(pieces: readonly Piece[], surplus: readonly number[]): number {
  const [piece, ...others] = pieces;
  if (piece === undefined) return surplus.every((each) => each === 0) ? 0 : -Infinity;
  const counts = Array.from({ length: piece.times + 1 }, (_, count) => count);
  return Math.max(
    ...counts.map((count) => {
      const after = [...surplus];
      after[piece.from]! -= count;
      after[piece.to]! += count;
      return count * piece.cycles + exhaustively(others, after);
    }),
  );
}

test("is what trying everything finds", () => {
  fc.assert(
    fc.property(graphs, (graph) => void expect(longestPath(graph)).toBe(exhaustively(graph.pieces, new Array<number>(nodes).fill(0)))),
    { numRuns: 500 },
  );
});

test("takes the slower of two branches, as often as its loop turns", () => {
  const pieces = [
    { from: 0, to: 1, cycles: 1, times: 1 },
    { from: 1, to: 2, cycles: 5, times: 10 },
    { from: 1, to: 3, cycles: 7, times: 10 },
    { from: 2, to: 1, cycles: 1, times: 10 },
    { from: 3, to: 1, cycles: 1, times: 4 },
    { from: 1, to: 0, cycles: 1, times: 1 },
  ];
  expect(longestPath({ nodes, pieces })).toBe(1 + 10 * 6 + 4 * 8 + 1);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { boxAround, placeLabels } from "./labels.js";
import { holds, overlap } from "./svg.js";

const frame = { left: 0, top: 0, right: 800, bottom: 400 };
const label = fc.record({
  at: fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 400 }) }),
  text: fc.string({ minLength: 1, maxLength: 20 }),
  needed: fc.boolean(),
});

test("labels cover neither points nor each other and stay inside", () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 40 }), (labels) => {
      const points = labels.map(({ at }) => boxAround(at));
      const placed = placeLabels(labels, points, frame);
      placed.forEach(({ box }, i) => {
        expect(holds(frame, box)).toBe(true);
        for (const other of [...points, ...placed.slice(i + 1).map((later) => later.box)]) expect(overlap(box, other)).toBe(false);
      });
    }),
  );
});

test("a label beside free ground is placed, and one that is needed goes further than one that is not", () => {
  const wall = { left: 380, top: 180, right: 420, bottom: 220 };
  const at = { x: 400, y: 200 };
  expect(placeLabels([{ at, text: "32", needed: false }], [boxAround(at)], frame)).toHaveLength(1);
  expect(placeLabels([{ at, text: "32", needed: false }], [wall], frame)).toHaveLength(0);
  expect(placeLabels([{ at, text: "32", needed: true }], [wall], frame)[0]!.leader).toBeDefined();
});

import { describe, expect, it } from "vitest";
import { boardOf } from "./board.js";
import { sweepProgressOn } from "./progress.js";
import type { SweepEvent } from "./sweep.js";
import { finished, step, variant } from "./testing/variants.js";

const small = variant({ values: { width: "8" } });
const large = variant({ values: { width: "16" } });
const known = variant({ values: { width: "4" } });

/** Shows events at their times, in seconds; `text` is all that was written. */
function show(events: readonly (readonly [number, SweepEvent])[], terminal?: { readonly columns: number; readonly rows: number }): string {
  let [text, now] = ["", 0];
  const screen = { ...(terminal === undefined ? {} : { isTTY: true, ...terminal }), write: (piece: string) => void (text += piece) };
  const progress = sweepProgressOn(boardOf([known, small, large], new Set([known]), 2), { screen, clock: () => now });
  for (const [time, event] of events) {
    now = time;
    progress.report(event);
  }
  progress.close();
  return text;
}

/** What a terminal shows in the end: our two codes, up so many lines and clear the rest, carried out. */
function screenAfter(text: string): readonly string[] {
  const lines: string[] = [];
  for (const [, up, rest] of text.matchAll(/(?:\x1b\[(\d+)A\x1b\[J)?([^\x1b]*)/g)) {
    if (up !== undefined) lines.splice(lines.length - Number(up));
    lines.push(...rest!.split("\n").slice(0, -1));
  }
  return lines;
}

const events: readonly (readonly [number, SweepEvent])[] = [
  [0, { kind: "begun", variant: small, resumed: false }],
  [0, { kind: "begun", variant: large, resumed: true }],
  [1, { kind: "training", variant: small, event: step(1, 1, 7) }],
  [2, { kind: "training", variant: large, event: step(2, 5, 60) }],
  [70, { kind: "training", variant: large, event: step(4, 10, 0) }],
  [71, { kind: "ended", variant: small, outcome: finished(91) }],
];

describe("elsewhere than on a terminal", () => {
  it("every beginning and end is a line, with a sign of life when there was none for a minute", () => {
    expect(show(events)).toBe(
      [
        "width=8: begins",
        "width=16: goes on",
        "1 of 3 done, about 7.0 s left: width=8 in epoch 1 of 4, width=16 in epoch 4 of 4",
        "width=8: 91.00% of 100 test samples, 1 min 11 s; 2 of 3 done",
        "",
      ].join("\n"),
    );
  });

  it("failures are told, and who stopped it is not told how long it takes", () => {
    const failed = { kind: "failed", message: "the training diverged", remedy: "lower the rate" } as const;
    const text = show([
      ...events.slice(0, 3),
      [4, { kind: "ended", variant: small, outcome: failed }],
      [5, { kind: "ended", variant: large, outcome: { kind: "unfinished" } }],
    ]);
    expect(text).toContain("width=8: failed: the training diverged, 4.0 s; 1 of 3 done");
    expect(text.endsWith("width=16: stopped, its work is saved\n")).toBe(true);
  });
});

describe("on a terminal", () => {
  it("each running variant has a line, below those that stay", () => {
    expect(screenAfter(show(events.slice(0, 4), { columns: 100, rows: 24 }).replace(/\x1b\[\d+A\x1b\[J$/, ""))).toEqual([
      "  width=8                     epoch 1/4 ░░░░░░░░░░░░░░░░  7.0 s left  loss 0.500",
      "  width=16                    epoch 2/4 ██████░░░░░░░░░░  1 min 0 s left  loss 0.500",
      "1 of 3 done, about 1 min 0 s left",
    ]);
  });

  it("only what stays is there in the end", () => {
    const last: readonly [number, SweepEvent] = [80, { kind: "ended", variant: large, outcome: finished(95) }];
    expect(screenAfter(show([...events, last], { columns: 100, rows: 24 }))).toEqual([
      "width=8: 91.00% of 100 test samples, 1 min 11 s; 2 of 3 done",
      "width=16: 95.00% of 100 test samples, 1 min 20 s; 3 of 3 done",
    ]);
  });

  it("no line is wider than the screen, and no block higher", () => {
    const text = show(events, { columns: 30, rows: 3 });
    const moving = text.split("\n").filter((line) => !line.includes("samples"));
    for (const line of moving) expect([...line.replaceAll(/\x1b\[\d*[AJ]/g, "")].length).toBeLessThan(30);
    for (const [, up] of text.matchAll(/\x1b\[(\d+)A/g)) expect(Number(up)).toBeLessThan(3);
  });
});

import { describe, expect, test } from "vitest";
import type { TrainingEvent } from "./events.js";
import { duration, progressOn, type Screen } from "./progress.js";

const step: TrainingEvent = {
  kind: "step",
  epoch: 3,
  epochs: 60,
  step: 469,
  steps: 938,
  loss: 0.08123,
  accuracy: 0.9741,
  samplesPerSecond: 26140,
  secondsLeft: 250,
};
const epoch = {
  kind: "epoch",
  epoch: 3,
  epochs: 60,
  samples: 120000,
  loss: 0.08123,
  accuracy: 0.9741,
  integerAccuracy: 0.976,
  validationAccuracy: undefined,
  layers: {},
  rate: 0.001,
  seconds: 5.12,
} as const;

function shown(events: readonly TrainingEvent[], screen: Partial<Screen>, environment: Record<string, string> = {}): string {
  let text = "";
  const report = progressOn({
    screen: { write: (part) => (text += part), ...screen },
    environment,
    resumeCommand: "bnmc train digits.bnm --resume",
  });
  events.forEach(report);
  return text;
}

describe("progress", () => {
  test("is one moving line on a terminal", () => {
    expect(shown([step], { isTTY: true, columns: 120 }, { NO_COLOR: "1" })).toBe(
      "\r\x1b[Kepoch  3/60 ████████████░░░░░░░░░░░░ loss 0.0812  97.41%  26.1k samples/s  4 min 10 s left",
    );
  });

  test("has a colored bar unless NO_COLOR is set", () => {
    expect(shown([step], { isTTY: true })).toContain("\x1b[36m█");
    expect(shown([step], { isTTY: true }, { NO_COLOR: "1" })).not.toContain("\x1b[36m");
    expect(shown([step], { isTTY: true }, { NO_COLOR: "" })).toContain("\x1b[36m");
  });

  test.each([[1], [5], [20], [40], [60], [80]])("never wraps at %i columns", (columns) => {
    const line = shown([step], { isTTY: true, columns }, { NO_COLOR: "1" }).replace("\r\x1b[K", "");
    expect([...line].length).toBeLessThan(columns);
  });

  test.each([
    [{ ch32v003: 66247 }, "  ~66.2k cycles"],
    [{ ch32v003: 999 }, "  ~999 cycles"],
    [{ ch32v003: 999_499 }, "  ~999k cycles"],
    [{ ch32v003: 999_500 }, "  ~1M cycles"],
    [{ ch32v003: 66247, ch32v002: 48_000, cortex_m0: 1_234_567 }, "  ~66.2k cycles on ch32v003, ~48k on ch32v002, ~1.23M on cortex_m0"],
  ])("tells estimated cycles: %o", (cycles, told) => {
    const line = shown([{ ...epoch, cycles }], {});
    expect(line).toBe(`epoch  3/60  loss 0.0812  training 97.41%  test, integers 97.60%${told}  5.1 s\n`);
  });

  test("is one plain line for each epoch elsewhere", () => {
    expect(shown([step, step, epoch], {})).toBe("epoch  3/60  loss 0.0812  training 97.41%  test, integers 97.60%  5.1 s\n");
  });

  test("redraws ten times a second at most", () => {
    expect(shown([step, step, step], { isTTY: true }).split("\r")).toHaveLength(2);
  });

  test("says how to go on", () => {
    expect(shown([{ kind: "interrupted", epoch: 3, step: 1, checkpoint: "runs/digits/checkpoint.safetensors" }], {})).toBe(
      "stopped in epoch 3 after 1 step; saved runs/digits/checkpoint.safetensors\nto go on: bnmc train digits.bnm --resume\n",
    );
  });

  test.each([
    [0.04, "0.0 s"],
    [59.7, "1 min 0 s"],
    [250, "4 min 10 s"],
    [7325, "2 h 2 min"],
  ])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));
});

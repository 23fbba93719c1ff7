import { duration, type Screen } from "../train/progress.js";
import type { Board, Running } from "./board.js";
import type { SweepEvent } from "./sweep.js";
import { type Outcome, showValues, type Variant } from "./variant.js";

export interface SweepProgress {
  report(event: SweepEvent): void;
  /** Takes the moving lines away. */
  close(): void;
}

export interface SweepProgressOptions {
  readonly screen: Screen;
  /** In seconds, from any beginning. */
  readonly clock: () => number;
}

/** Seconds between two drawings on a terminal, and between two signs of life elsewhere. */
const redrawing = 0.1;
const pulse = 60;
const barWidth = 16;

/** Shows a sweep: a moving line for each running variant and one for all on a terminal, plain lines elsewhere. */
export function sweepProgressOn(board: Board, { screen, clock }: SweepProgressOptions): SweepProgress {
  const moving = screen.isTTY === true;
  const begun = new Map<Variant, number>();
  let drawn = 0;
  let shown = clock();
  const clear = (): string => (drawn === 0 ? "" : `\x1b[${drawn}A\x1b[J`);
  const draw = (stays: string): void => {
    const lines = board.running.length === 0 ? [] : [...board.running.map((run) => runningLine(run)), totalLine(board, clock())];
    // A line that wraps, or a block higher than the screen, could not be taken away again.
    const fitting = lines
      .slice(-Math.max(1, (screen.rows ?? 24) - 1))
      .map((line) => `${[...line].slice(0, (screen.columns ?? 80) - 1).join("")}\n`);
    screen.write(`${clear()}${stays}${fitting.join("")}`);
    drawn = fitting.length;
    shown = clock();
  };
  const stay = (line: string): void => (moving ? draw(`${line}\n`) : void screen.write(`${line}\n`));
  return {
    report: (event) => {
      const now = clock();
      board.note(event, now);
      if (event.kind === "begun") begun.set(event.variant, now);
      const line = lineOf(event, board, begun, moving, now);
      if (line !== undefined) stay(line);
      else if (moving && now - shown >= redrawing) draw("");
      else if (!moving && event.kind === "training" && now - shown >= pulse) {
        screen.write(`${totalLine(board, now)}: ${board.running.map(briefly).join(", ")}\n`);
        shown = now;
      }
    },
    close: () => {
      screen.write(clear());
      drawn = 0;
    },
  };
}

/** What is said of an event for good; undefined where the moving lines say it. */
function lineOf(event: SweepEvent, board: Board, begun: ReadonlyMap<Variant, number>, moving: boolean, now: number): string | undefined {
  const name = showValues(event.variant.values);
  switch (event.kind) {
    case "set-aside":
      return `${name}: the run before this one is now ${event.to}`;
    case "begun":
      return moving ? undefined : `${name}: ${event.resumed ? "goes on" : "begins"}`;
    case "training":
      return undefined;
    case "ended":
      // Who stops a sweep does not ask how long it would have taken.
      if (event.outcome.kind === "unfinished") return `${name}: ${showOutcome(event.outcome)}`;
      return `${name}: ${showOutcome(event.outcome)}, ${duration(now - begun.get(event.variant)!)}; ${totalLine(board, now)}`;
  }
}

/** `96.10% of 1000 test samples`, `failed: the training diverged`. */
export function showOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "finished": {
      const { set, samples, correct } = outcome.result;
      return `${((100 * correct) / samples).toFixed(2)}% of ${samples} ${set} samples`;
    }
    case "failed":
      return `failed: ${outcome.message}`;
    case "unfinished":
      return "stopped, its work is saved";
  }
}

function totalLine(board: Board, now: number): string {
  const left = board.secondsLeft(now) ?? 0;
  const time = left < 0.05 ? "" : `, about ${duration(left)} left`;
  return `${board.finished} of ${board.total} done${time}`;
}

function runningLine({ variant, last, accuracy }: Running): string {
  const name = `  ${showValues(variant.values)}`.padEnd(28);
  if (last === undefined) return `${name}  starting`;
  const full = Math.round(((last.epoch - 1 + last.step / last.steps) / last.epochs) * barWidth);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const known = accuracy === undefined ? "" : `  ${(100 * accuracy).toFixed(2)}%`;
  return `${name}  epoch ${String(last.epoch).padStart(String(last.epochs).length)}/${last.epochs} ${bar}  ${duration(last.secondsLeft)} left  loss ${last.loss.toFixed(3)}${known}`;
}

const briefly = ({ variant, last }: Running): string =>
  `${showValues(variant.values)} ${last === undefined ? "starting" : `in epoch ${last.epoch} of ${last.epochs}`}`;

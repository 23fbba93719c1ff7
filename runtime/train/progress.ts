import type { CyclesByTarget, Report, TrainingEvent } from "./events.js";

/** Where progress is shown: `process.stderr`, which leaves stdout to results. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly screen: Screen;
  /** NO_COLOR matters: see no-color.org. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the user types to go on after an interruption. */
  readonly resumeCommand: string;
}

/** How often the line is redrawn, in milliseconds. */
const interval = 100;
const barWidth = 24;
const clearLine = "\r\x1b[K";

/** Shows a training: a moving line on a terminal, plain lines elsewhere; one line stays for every epoch. */
export function progressOn({ screen, environment, resumeCommand }: ProgressOptions): Report {
  const moving = screen.isTTY === true;
  const colored = moving && (environment["NO_COLOR"] ?? "") === "";
  let drawn = -Infinity;
  const stay = (line: string): void => void screen.write(`${moving ? clearLine : ""}${line}\n`);
  return (event) => {
    if (event.kind !== "step") return stay(lineOf(event, resumeCommand));
    if (!moving || performance.now() - drawn < interval) return;
    drawn = performance.now();
    screen.write(`${clearLine}${stepLine(event, screen.columns ?? 80, colored)}`);
  };
}

type Step = Extract<TrainingEvent, { kind: "step" }>;

function lineOf(event: Exclude<TrainingEvent, Step>, resumeCommand: string): string {
  switch (event.kind) {
    case "start": {
      const { resumedAfter: after } = event;
      const place =
        after === undefined
          ? ""
          : `, resumed after ${counted(after.epochs, "epoch")}${after.steps > 0 ? ` and ${counted(after.steps, "step")}` : ""}`;
      return `training ${event.network} on ${event.dataset} for ${counted(event.epochs, "epoch")} (${event.engine})${place}`;
    }
    case "epoch": {
      const validation = event.validationAccuracy === undefined ? "" : `  validation ${percent(event.validationAccuracy)}`;
      return `epoch ${placeOf(event)}  loss ${event.loss.toFixed(4)}  training ${percent(event.accuracy)}${validation}  test, integers ${percent(event.integerAccuracy)}${cyclesText(event.cycles)}  ${duration(event.seconds)}`;
    }
    case "interrupted":
      return `stopped in epoch ${event.epoch} after ${counted(event.step, "step")}; saved ${event.checkpoint}\nto go on: ${resumeCommand}`;
    case "finished":
      return `weights of epoch ${event.epoch}: ${percent(event.integerAccuracy)} of the test set with integers, ${percent(event.floatAccuracy)} with floats; saved ${event.weights}`;
  }
}

/** The moving line, cut to the width of the terminal: a line that wraps could not be redrawn. */
function stepLine(event: Step, columns: number, colored: boolean): string {
  const full = Math.round((event.step / event.steps) * barWidth);
  const before = `epoch ${placeOf(event)} `;
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const after = ` loss ${event.loss.toFixed(4)}  ${percent(event.accuracy)}  ${perSecond(event.samplesPerSecond)}  ${duration(event.secondsLeft)} left`;
  const room = Math.max(0, columns - 1 - before.length);
  const shown = [...bar].slice(0, room).join("");
  return `${before.slice(0, columns - 1)}${colored ? `\x1b[36m${shown}\x1b[39m` : shown}${after.slice(0, Math.max(0, room - barWidth))}`;
}

const placeOf = ({ epoch, epochs }: { readonly epoch: number; readonly epochs: number }): string =>
  `${String(epoch).padStart(String(epochs).length)}/${epochs}`;

/** `  ~66.2k cycles`; of several targets, `  ~66.2k cycles on one, ~48k on the other`. */
function cyclesText(cycles: CyclesByTarget = {}): string {
  const [first, ...others] = Object.entries(cycles).map(([target, count]) => ({ target, count: `~${short(count)}` }));
  if (first === undefined) return "";
  if (others.length === 0) return `  ${first.count} cycles`;
  return `  ${first.count} cycles on ${first.target}${others.map(({ target, count }) => `, ${count} on ${target}`).join("")}`;
}

/** Three digits: `66.2k`. */
const short = (count: number): string => {
  const [unit, letter] = count < 1000 ? [1, ""] : count < 999_500 ? [1000, "k"] : [1_000_000, "M"];
  return `${Number((count / unit).toPrecision(3))}${letter}`;
};

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const perSecond = (rate: number): string => (rate < 9950 ? `${Math.round(rate)} samples/s` : `${(rate / 1000).toFixed(1)}k samples/s`);

/** Two units at most: `4 min 10 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

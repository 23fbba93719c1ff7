import { showCount } from "#compiler/ir/show.js";
import { flashOf, ramOf, showKernel } from "#compiler/ir/plan.js";
import { stepKey } from "#compiler/plan/tuning.js";
import { duration, type Screen } from "../train/progress.js";
import type { TuneEvent } from "./tune.js";

export interface TuneProgress {
  report(event: TuneEvent): void;
  /** Takes the moving line away. */
  close(): void;
}

const clearLine = "\r\u001B[K";

/** Shows what each build gave, and on a terminal in a moving line how many are left. */
export function tuneProgressOn(screen: Screen, clock: () => number = () => performance.now() / 1000): TuneProgress {
  const moving = screen.isTTY === true;
  let began = clock();
  let last = began;
  let kind: TuneEvent["kind"] = "offers";
  const close = (): void => void (moving && screen.write(clearLine));
  return {
    report: (event) => {
      // Whole plans are built from the last build of offers on.
      if (event.kind !== kind) [kind, began] = [event.kind, last];
      last = clock();
      close();
      for (const line of linesOf(event)) screen.write(`${line}\n`);
      const each = (last - began) / event.done;
      const pace = `build ${event.done} of ${event.total}, ${duration(each)} each, about ${duration(each * (event.total - event.done))} left`;
      if (moving && event.done < event.total) screen.write(pace);
    },
    close,
  };
}

function linesOf(event: TuneEvent): readonly string[] {
  if (event.kind === "offers")
    return event.fresh.map(
      (offer) =>
        `${stepKey(offer.layers)}: ${showKernel(offer)} takes ${showCount(offer.cycles)} cycles, ${showCount(offer.code)} B of code`,
    );
  const { cost, fits } = event.whole;
  const figures = `flash ${showCount(flashOf(cost))} B, RAM ${showCount(ramOf(cost))} B`;
  return [`whole plan ${event.done}: ${fits ? `${showCount(cost.cycles)} cycles, ${figures}` : `does not fit: ${figures}`}`];
}

import { pacer } from "../train/pace.js";

/** A moving line on a terminal for work that is counted: how far it is and how long it still takes. */
export function counterOn(screen: NodeJS.WriteStream, doing: string, total: number): (done: number) => void {
  if (screen.isTTY !== true) return () => undefined;
  const pace = pacer();
  let shown = 0;
  return (done) => {
    const { secondsLeft } = pace(1, total - done);
    const now = performance.now();
    if (done < total && now - shown < 100) return;
    shown = now;
    screen.write(done === total ? "\r\u001B[K" : `\r\u001B[K${doing} ${done} of ${total}, ${Math.ceil(secondsLeft)} s left`);
  };
}

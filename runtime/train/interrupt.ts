export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  release(): void;
}

/** The first Ctrl-C aborts the signal, so that the work can be saved; the second one ends the process at once. */
export function onInterrupt(): Interruption {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once("SIGINT", abort);
  return { signal: controller.signal, release: () => void process.off("SIGINT", abort) };
}

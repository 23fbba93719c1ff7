export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the signals of the system their usual meaning back. */
  release(): void;
}

/** Ctrl-C, the end of a session (a closed ssh), and the end of a container or machine. */
const endings = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** The first of them aborts the signal, so that the work can be saved; the second one ends the process at once. */
export function onInterrupt(): Interruption {
  const controller = new AbortController();
  const release = (): void => endings.forEach((ending) => process.off(ending, abort));
  const abort = (): void => {
    release();
    controller.abort();
  };
  endings.forEach((ending) => process.on(ending, abort));
  return { signal: controller.signal, release };
}

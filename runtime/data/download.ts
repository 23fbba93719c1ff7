import { setTimeout as sleep } from "node:timers/promises";

export interface DownloadOptions {
  /** Milliseconds without a single byte after which a server counts as hung. */
  readonly patience: number;
  /** How often a mirror is asked again after a failure that may pass. */
  readonly retries: number;
  /** Milliseconds before the first retry; each further one waits twice as long. */
  readonly pause: number;
  /** Told about every piece; `total` is undefined when the server does not say. */
  readonly progress?: (received: number, total: number | undefined) => void;
}

/** Takes the next piece of a file. */
export type Receive = (piece: Uint8Array) => void;

/**
 * Fetches a file piece by piece; `begin` is called for each attempt. Gives the reason of a failure in a few words, or
 * undefined for success. Failures that may pass are retried, refusals are not.
 */
export async function download(url: string, begin: () => Receive, options: DownloadOptions): Promise<string | undefined> {
  for (let attempt = 0; ; attempt++) {
    const failure = await fetchOnce(url, begin(), options);
    if (failure === undefined) return undefined;
    if (!failure.passing || attempt === options.retries) return failure.reason;
    await sleep(options.pause * 2 ** attempt);
  }
}

interface Failure {
  readonly reason: string;
  /** Whether it may help to ask again. */
  readonly passing: boolean;
}

async function fetchOnce(url: string, receive: Receive, { patience, progress }: DownloadOptions): Promise<Failure | undefined> {
  const hung = new AbortController();
  const timer = setTimeout(() => hung.abort(), patience);
  try {
    const response = await fetch(url, { signal: hung.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return {
        reason: `HTTP ${response.status} ${response.statusText}`.trim(),
        passing: response.status >= 500 || response.status === 429,
      };
    }
    const total = Number(response.headers.get("content-length")) || undefined;
    let received = 0;
    for await (const piece of response.body) {
      timer.refresh();
      receive(piece);
      progress?.((received += piece.length), total);
    }
    return undefined;
  } catch (error) {
    return { reason: hung.signal.aborted ? `no answer for ${patience / 1000} s` : reasonOf(error), passing: true };
  } finally {
    clearTimeout(timer);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "unknown host",
  EAI_AGAIN: "the host's name cannot be looked up",
  ECONNRESET: "connection lost",
  UND_ERR_SOCKET: "connection lost",
  UND_ERR_CONNECT_TIMEOUT: "no connection",
  ENOSPC: "the disk is full",
};

/** Node's fetch says only "fetch failed" and hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  const inner = cause as NodeJS.ErrnoException | undefined;
  return reasons[inner?.code ?? code ?? ""] ?? inner?.message ?? message;
}

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

export type Download = { readonly bytes: Uint8Array } | { readonly failure: string };

/** Fetches a file; a failure says why in a few words. Failures that may pass are retried, refusals are not. */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  for (let attempt = 0; ; attempt++) {
    const result = await fetchOnce(url, options);
    if ("bytes" in result) return result;
    if (!result.passing || attempt === options.retries) return { failure: result.failure };
    await sleep(options.pause * 2 ** attempt);
  }
}

interface Refusal {
  readonly failure: string;
  /** Whether it may help to ask again. */
  readonly passing: boolean;
}

async function fetchOnce(url: string, { patience, progress }: DownloadOptions): Promise<{ readonly bytes: Uint8Array } | Refusal> {
  const hung = new AbortController();
  const timer = setTimeout(() => hung.abort(), patience);
  try {
    const response = await fetch(url, { signal: hung.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return { failure: `HTTP ${response.status} ${response.statusText}`.trim(), passing: response.status >= 500 || response.status === 429 };
    }
    const total = Number(response.headers.get("content-length")) || undefined;
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of response.body) {
      timer.refresh();
      pieces.push(piece);
      progress?.((received += piece.length), total);
    }
    return { bytes: Buffer.concat(pieces) };
  } catch (error) {
    return { failure: hung.signal.aborted ? `no answer for ${patience / 1000} s` : reason(error), passing: true };
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
};

/** Node's fetch says only "fetch failed" and hides the reason in the cause. */
function reason(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: inner } = (cause ?? {}) as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? inner ?? message;
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "../train/events.js";
import type { FromWorker, Order, ToWorker } from "./protocol.js";
import type { Outcome } from "./variant.js";

/** The built program, or the source where sources are run. */
const program = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/** Trains a variant in a process of its own; whatever becomes of that, there is an outcome. */
export async function trainInProcess(order: Order, report: Report, signal: AbortSignal): Promise<Outcome> {
  const child = fork(program, { serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const tell = (message: ToWorker): void => void (child.connected && child.send(message));
  const stop = (): void => tell({ kind: "stop" });
  let outcome: Outcome | undefined;
  let complaint = "";
  child.stderr!.on("data", (text: Buffer) => (complaint = (complaint + text.toString()).slice(-2000)));
  child.on("message", (message: FromWorker) => {
    if (message.kind === "event") report(message.event);
    else outcome = message.outcome;
  });
  signal.addEventListener("abort", stop);
  tell(order);
  try {
    // Only when the channel is closed, too, all its messages have arrived.
    const [[code, ended]] = await Promise.all([once(child, "close"), once(child, "disconnect")]);
    return outcome ?? lost(ended === null ? `exit code ${code}` : String(ended), complaint);
  } catch (error) {
    return lost((error as Error).message, complaint);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A process that went without a word: most often the system took it, for want of memory. */
const lost = (how: string, complaint: string): Outcome => ({
  kind: "failed",
  message: [`its process ended: ${how}`, complaint.trim()].filter((part) => part !== "").join("\n"),
  remedy: "run the command again, with fewer --jobs if memory is short: what was saved is kept",
});

import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { dirname } from "node:path";
import { Failure } from "./failure.js";
import { cannotWrite, makeFolder, removeFile } from "./host.js";

/** A lock file that this process holds, or who holds it, in words. */
export type Lock = { readonly release: () => void } | { readonly heldBy: string };

/** What a lock file says of its owner. */
interface Owner {
  readonly process: number;
  readonly host: string;
}

/**
 * Takes a lock among processes; on a shared disk, of several machines, too. The file appears with its content, by a hard
 * link, so that no reader meets an empty one; what a process left behind that has ended is stale and is taken over.
 */
export function takeLock(path: string): Lock {
  const own = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    makeFolder(dirname(path));
    writeFileSync(own, JSON.stringify({ process: process.pid, host: hostname() } satisfies Owner));
    while (!linked(own, path)) {
      const text = textIn(path);
      if (text === undefined) continue;
      const heldBy = livingOwner(text, path);
      if (heldBy !== undefined) return { heldBy };
      removeStale(path, text);
    }
    return { release: () => removeFile(path) };
  } catch (error) {
    throw error instanceof Failure ? error : cannotWrite(path, error);
  } finally {
    // Where it could not be written, the reason is on its way already.
    if (existsSync(own)) removeFile(own);
  }
}

/** Whether the name was free and is now this file's. */
function linked(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Of a lock that was released meanwhile there is no text. */
function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The owner in words; undefined when it has ended, or the machine was started anew since. */
function livingOwner(text: string, path: string): string | undefined {
  const owner = parseOwner(text);
  if (owner === undefined) return undefined;
  if (owner.host !== hostname()) return `process ${owner.process} on ${owner.host}`;
  const started = Date.now() - 1000 * uptime();
  // A second of grace: both clocks are read at different times.
  return isRunning(owner.process) && (modified(path) ?? 0) > started - 1000 ? `process ${owner.process}` : undefined;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { process, host } = JSON.parse(text) as Partial<Owner>;
    return typeof process === "number" && typeof host === "string" ? { process, host } : undefined;
  } catch {
    return undefined;
  }
}

const modified = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0) && !isZombie(id);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a process has ended and nobody has asked how, as in containers whose first process asks of none; told on Linux alone. */
function isZombie(id: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${id}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Removes a stale lock, and puts back what another process took in its place meanwhile. */
function removeStale(path: string, text: string): void {
  const taken = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(path, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (textIn(taken) !== text) linked(taken, path);
  removeFile(taken);
}

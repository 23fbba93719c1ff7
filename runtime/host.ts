import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.js";

/** The disk, as the rest of the runtime uses it: every error names the path and what can be done. */

export function readBytes(path: string, remedy = "check the path"): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${reason(error)}`, remedy);
  }
}

export const readText = (path: string, remedy?: string): string => new TextDecoder().decode(readBytes(path, remedy));

/** A folder with those that it lies in, one by one: where none can be made, as in /proc, Node's own recursion never ends. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Writes all or nothing: a reader, or a crash, never meets half a file. */
export function writeFile(path: string, content: string | Uint8Array): void {
  writeBeside(path, content, (temporary) => renameSync(temporary, path));
}

/** Refuses a path that cannot be written, before work is done whose result goes there. */
export function checkWritable(path: string): void {
  writeBeside(path, "", (temporary) => rmSync(temporary));
}

/** Writes a temporary file beside a path, for `use` to take away. */
function writeBeside(path: string, content: string | Uint8Array, use: (temporary: string) => void): void {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, content);
    use(temporary);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw new Failure(`cannot write ${path}: ${reason(error)}`, "check that the folder is writable and the disk has space");
  }
}

/** Adds to the end of a file, for readers that follow it while it grows. */
export function appendToFile(path: string, content: string | Uint8Array): void {
  try {
    makeFolder(dirname(path));
    appendFileSync(path, content);
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${reason(error)}`, "check that the folder is writable and the disk has space");
  }
}

/** A file that is not there is as good as removed. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new Failure(`cannot remove ${path}: ${reason(error)}`, "check that the folder is writable");
  }
}

/** A folder with all that is in it; one that is not there is as good as removed. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new Failure(`cannot remove ${path}: ${reason(error)}`, "check that the folder is writable");
  }
}

/** Gives a file or folder another name in the same place. */
export function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw new Failure(`cannot rename ${from} to ${to}: ${reason(error)}`, "check that the folder is writable");
  }
}

/** A lock file that this process holds, or the process that holds it. */
export type Lock = { readonly release: () => void } | { readonly heldBy: number };

/** Takes a lock among processes of this machine. What a process that is gone left behind is no lock. */
export function takeLock(path: string): Lock {
  for (;;) {
    try {
      makeFolder(dirname(path));
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return { release: () => removeFile(path) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw new Failure(`cannot write ${path}: ${reason(error)}`, "check that the folder is writable and the disk has space");
    }
    const heldBy = Number(readText(path));
    if (isRunning(heldBy)) return { heldBy };
    removeFile(path);
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A copy of a file, whole or not at all. */
export const copyFile = (from: string, to: string): void => writeFile(to, readBytes(from));

/** All that is piped into the program. */
export const standardInput = (): string => new TextDecoder().decode(readFileSync(0));

export const fileExists = (path: string): boolean => existsSync(path);

/** The names in a folder, sorted; none when it does not exist. */
export const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** Runs `use` with a new, empty folder, which is gone afterwards. */
export function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "bnmc-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder that holds templates/, mcu/ and models/, from the sources as well as from dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "part of the path is not a folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};

/** Why a call of the file system failed, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message;
}

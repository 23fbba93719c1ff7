import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeText } from "#compiler/text.js";
import { Failure } from "./failure.js";

/** The disk, as the rest of the runtime uses it: every error names the path and what can be done. */

/** Every input that this process has read, by its path without links. */
const read = new Set<string>();

/** Whether a path, by whatever name, is a file that this process has read: what is written there would replace an input. */
export const wasRead = (path: string): boolean => existsSync(path) && read.has(realpathSync(path));

export function readBytes(path: string, remedy = "check the path"): Uint8Array {
  const bytes = readBack(path, remedy);
  read.add(realpathSync(path));
  return bytes;
}

/** The bytes of a file that is about to be replaced: no input of this command. */
export function readBack(path: string, remedy = "check the path"): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${reason(error)}`, remedy);
  }
}

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark; anything else is a `Failure` that names the line. */
export const readText = (path: string, remedy?: string): string => textOf(readBytes(path, remedy), path);

function textOf(bytes: Uint8Array, path: string): string {
  const decoded = decodeText(bytes);
  if ("text" in decoded) return decoded.text;
  throw new Failure(`cannot read ${path} as text: ${decoded.problem}`, decoded.remedy);
}

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

/** What to say of a path that could not be written. */
export const cannotWrite = (path: string, error: unknown): Failure =>
  new Failure(`cannot write ${path}: ${reason(error)}`, "check that the folder is writable and the disk has space");

/** Refuses a path that cannot be written, before work is done whose result goes there. */
export function checkWritable(path: string): void {
  writeBeside(path, "", (temporary) => rmSync(temporary));
}

/** Writes a temporary file beside a path, for `use` to take away. */
function writeBeside(path: string, content: string | Uint8Array, use: (temporary: string) => void): void {
  if (isFolder(path)) throw new Failure(`cannot write ${path}: ${reasons["EISDIR"]}`, "name a file, in that folder or elsewhere");
  const temporary = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, content);
    use(temporary);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}

/** Adds to the end of a file, for readers that follow it while it grows. */
export function appendToFile(path: string, content: string | Uint8Array): void {
  try {
    makeFolder(dirname(path));
    appendFileSync(path, content);
  } catch (error) {
    throw cannotWrite(path, error);
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

/** The path itself where nothing is, else the first of `path.2`, `path.3` … that is free. */
export const unusedPath = (path: string): string => (existsSync(path) ? numberedPath(path, 2) : path);

/** The first of `path.<first>` and those that follow it where nothing is. */
export function numberedPath(path: string, first: number): string {
  let number = first;
  while (existsSync(`${path}.${number}`)) number++;
  return `${path}.${number}`;
}

/** A copy of a file, whole or not at all. */
export const copyFile = (from: string, to: string): void => writeFile(to, readBack(from));

/** All that is piped into the program. */
export const standardInput = (): string => textOf(readFileSync(0), "standard input");

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

export const fileExists = (path: string): boolean => existsSync(path);

/** The names in a folder, sorted; none when it does not exist. */
/** Paths of all files below a folder, relative to it with `/`, sorted. */
export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();

export const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** Runs `use` with a new, empty folder, which is gone afterwards. */
export function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = temporaryFolder();
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "bnmc-"));
  } catch (error) {
    throw new Failure(
      `cannot make a temporary folder in ${tmpdir()}: ${reason(error)}`,
      "name a folder that is writable with the environment variable TMPDIR",
    );
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
  EDQUOT: "the disk quota is used up",
  EMFILE: "too many files are open",
};

/** Why a call of the file system failed, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message;
}

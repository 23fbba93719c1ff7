import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { createGunzip } from "node:zlib";
import { DataError } from "#compiler/catalog/data-error.js";
import type { KnownFile } from "#compiler/catalog/samples.js";
import { Failure } from "../failure.js";
import { readBytes, reason } from "../host.js";
import type { Place } from "./places.js";

// `existsSync` first: unlike `statSync` it takes a folder that may not be searched for one that is not there.
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The first of the paths that is a file. */
export const existing = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path) && statSync(path).isFile());

/** Whether a path leads to anything, be it a link to itself. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Part of the path may not be searched: what is there cannot be told.
    return false;
  }
}

/** What lies at a path that holds neither a file nor its end of a link. */
export function otherKind(path: string): string {
  if (!existsSync(path)) return "it is a link that leads nowhere";
  return isFolder(path) ? "it is a folder" : "it is a pipe or a device";
}

/** Where a file lies, plain or packed: the first place with any of its names. */
export const locate = ({ path, elsewhere = [] }: KnownFile, places: readonly Place[]): string | undefined =>
  existing(places.flatMap(({ folder }) => [path, ...elsewhere].flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)])));

/** What a folder holds, in the order of names, folders with a final slash; what is hidden is left out. Throws a `DataError`. */
export function namesIn(folder: string | undefined): readonly string[] | undefined {
  if (folder === undefined) return undefined;
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith(".") && !leadsBack(folder, join(folder, name)));
    return names.sort().map((name) => (isFolder(join(folder, name)) ? `${name}/` : name));
  } catch (error) {
    throw new DataError(`cannot read the folder ${folder}: ${reason(error)}`, "Check its permissions.");
  }
}

/** Whether a path is a link to a folder that holds it: what lies there would be met again, and be on both sides of a split. */
function leadsBack(folder: string, path: string): boolean {
  return isFolder(path) && `${realpathSync(folder)}${sep}`.startsWith(`${realpathSync(path)}${sep}`);
}

/** The uncompressed bytes of a file; throws a `DataError` with this remedy when it cannot be read. */
export async function readData(path: string, remedy: string): Promise<Uint8Array> {
  try {
    return await inflated(readBytes(path));
  } catch (error) {
    if (error instanceof Failure) throw new DataError(error.message, remedy);
    throw new DataError(`${path} is a damaged gzip file: ${(error as Error).message}`, "Delete it and get it again.");
  }
}

/** The uncompressed bytes of a known file, which must be what was published. */
export async function readKnown(file: KnownFile, path: string): Promise<Uint8Array> {
  const bytes = await readData(path, "Check its permissions.");
  if (file.md5 !== undefined && md5(bytes) !== file.md5) {
    throw new DataError(
      `${path} is not the published file: its content has the MD5 ${md5(bytes)}, not ${file.md5}`,
      "Delete or rename it to have it downloaded; read data of your own with `idx(…)`.",
    );
  }
  return bytes;
}

/**
 * Unpacks gzip, piece by piece into memory that threads share: a large set is in memory once. What bytes are is seen from
 * the first two, not from a name: servers and people unpack silently.
 */
export async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  let held = inSharedMemory(announcedSize(bytes));
  let length = 0;
  const unpacking = createGunzip();
  unpacking.end(bytes);
  for await (const piece of unpacking as AsyncIterable<Uint8Array>) {
    if (length + piece.length > held.length) {
      const larger = inSharedMemory(2 * (length + piece.length));
      larger.set(held);
      held = larger;
    }
    held.set(piece, length);
    length += piece.length;
  }
  return held.subarray(0, length);
}

const inSharedMemory = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

/** Deflate packs no more bytes into one than this. */
const mostPacked = 1032;

/** The size in the last four bytes: right for a file in one part of less than 4 GiB, and never believed where it cannot be. */
function announcedSize(packed: Uint8Array): number {
  const announced = packed.length < 4 ? 0 : new DataView(packed.buffer, packed.byteOffset + packed.length - 4, 4).getUint32(0, true);
  return Math.min(announced, mostPacked * packed.length);
}

export const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

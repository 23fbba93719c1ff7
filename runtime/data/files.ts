import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataError } from "#compiler/catalog/data-error.js";
import type { KnownFile } from "#compiler/catalog/samples.js";
import { Failure } from "../failure.js";
import { readBytes, reason } from "../host.js";
import type { Place } from "./places.js";

// `existsSync` first: unlike `statSync` it takes a folder that may not be searched for one that is not there.
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** The first of the paths that is a file. */
export const existing = (paths: readonly string[]): string | undefined =>
  paths.find((path) => existsSync(path) && statSync(path).isFile());

/** Where a file lies, plain or packed: the first place with any of its names. */
export const locate = ({ path, elsewhere = [] }: KnownFile, places: readonly Place[]): string | undefined =>
  existing(
    places.flatMap(({ folder }) => [path, ...elsewhere].flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)])),
  );

/** What a folder holds, in the order of names, folders with a final slash; what is hidden is left out. Throws a `DataError`. */
export function namesIn(folder: string | undefined): readonly string[] | undefined {
  if (folder === undefined) return undefined;
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith("."));
    return names.sort().map((name) => (isFolder(join(folder, name)) ? `${name}/` : name));
  } catch (error) {
    throw new DataError(`cannot read the folder ${folder}: ${reason(error)}`, "Check its permissions.");
  }
}

/** The uncompressed bytes of a file; throws a `DataError` with this remedy when it cannot be read. */
export function readData(path: string, remedy: string): Uint8Array {
  try {
    return inflated(readBytes(path));
  } catch (error) {
    if (error instanceof Failure) throw new DataError(error.message, remedy);
    throw new DataError(`${path} is a damaged gzip file: ${(error as Error).message}`, "Delete it and get it again.");
  }
}

/** The uncompressed bytes of a known file, which must be what was published. */
export function readKnown(file: KnownFile, path: string): Uint8Array {
  const bytes = readData(path, "Check its permissions.");
  if (file.md5 !== undefined && md5(bytes) !== file.md5) {
    throw new DataError(
      `${path} is not the published file: its content has the MD5 ${md5(bytes)}, not ${file.md5}`,
      "Delete or rename it to have it downloaded; read data of your own with `idx(…)`.",
    );
  }
  return bytes;
}

/** Unpacks gzip. What bytes are is seen from the first two, not from a name: servers and people unpack silently. */
export const inflated = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);

export const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

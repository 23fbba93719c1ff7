import { createHash } from "node:crypto";
import { closeSync, createReadStream, ftruncateSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { DataError } from "#compiler/catalog/data-error.js";
import type { RemoteArchive } from "#compiler/catalog/samples.js";
import { makeFolder } from "../host.js";
import { download, type DownloadOptions } from "./download.js";
import type { Answer } from "./mirrors.js";

/** Downloads an archive that is too large for the memory to `path`; nothing is left there unless its checksum is right. */
export async function fetchArchive(url: string, archive: RemoteArchive, path: string, options: DownloadOptions): Promise<Answer<string>> {
  const partial = `${path}.${process.pid}.part`;
  try {
    const failure = (await downloadTo(url, partial, options)) ?? (await wrongContent(partial, archive.md5));
    if (failure !== undefined) return { failure };
    renameSync(partial, path);
    return { value: path };
  } finally {
    rmSync(partial, { force: true });
  }
}

async function downloadTo(url: string, path: string, options: DownloadOptions): Promise<string | undefined> {
  const file = openForWriting(path);
  try {
    const begin = () => {
      ftruncateSync(file);
      let position = 0;
      return (piece: Uint8Array): void => void (position += writeSync(file, piece, 0, piece.length, position));
    };
    return await download(url, begin, options);
  } finally {
    closeSync(file);
  }
}

function openForWriting(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, "w");
  } catch (error) {
    throw new DataError(
      `cannot write ${path}: ${(error as Error).message}`,
      "Set XDG_CACHE_HOME to a folder that is writable and has space.",
    );
  }
}

async function wrongContent(path: string, md5: string): Promise<string | undefined> {
  const found = await md5OfFile(path);
  return found === md5 ? undefined : `wrong content (MD5 ${found}, not ${md5})`;
}

/** The MD5 of a file of any size. */
export async function md5OfFile(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

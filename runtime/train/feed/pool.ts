import { join } from "node:path";
import type { Copies } from "#compiler/data/epoch.js";
import { fileExists, readBytes, writeFile } from "../../host.js";

/** Caches augmented samples in files of a folder, which may grow to the size of all epochs of the pool. */
export const pooledIn =
  (folder: string, make: Copies): Copies =>
  (key, part) => {
    const path = join(folder, `${key.epoch % key.pool}-${part}.bin`);
    if (fileExists(path)) return new Int8Array(readBytes(path));
    const copies = make(key, part);
    writeFile(path, new Uint8Array(copies.buffer, 0, copies.length));
    return copies;
  };

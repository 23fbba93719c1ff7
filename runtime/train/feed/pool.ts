import { join } from "node:path";
import { copiesOf } from "#compiler/data/epoch.js";
import { fileExists, readBytes, writeFile } from "../../host.js";

/** Makes copies once and keeps them in files of a folder, which may grow to the size of all epochs of the pool. */
export const pooledIn =
  (folder: string): typeof copiesOf =>
  (source, key, part) => {
    const path = join(folder, `${key.epoch % key.pool}-${part}.bin`);
    if (fileExists(path)) return new Int8Array(readBytes(path));
    const copies = copiesOf(source, key, part);
    writeFile(path, new Uint8Array(copies.buffer));
    return copies;
  };

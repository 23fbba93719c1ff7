import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { DataError } from "#compiler/catalog/data-error.js";

/** Reading single entries of large zip archives: only the directory and the wanted entries are read from the disk. */
const END = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };

interface Entry {
  readonly method: number;
  readonly size: number;
  readonly offset: number;
}

/** A zip archive on the disk. */
export interface Zip {
  /** Of all entries, in the order of the directory. */
  readonly names: readonly string[];
  /** The uncompressed bytes of an entry; throws a `DataError` for a damaged archive or a missing entry. */
  readonly read: (name: string) => Uint8Array;
}

/** The uncompressed bytes of some entries, by name; throws a `DataError` for a damaged archive or a missing entry. */
export function readZip(path: string, names: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const zip = openZip(path);
  return new Map(names.map((name) => [name, zip.read(name)]));
}

/** Reads the directory of an archive; throws a `DataError` for a damaged one. The file is open only while it is read. */
export function openZip(path: string): Zip {
  const entries = withFile(path, (size, read) => readDirectory(path, size, read));
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged(path, `it has no entry ${name}`);
      return withFile(path, (_, read) => readEntry(path, entry, read));
    },
  };
}

function withFile<T>(path: string, use: (size: number, read: Read) => T): T {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    return use(size, (offset, length) => {
      // Asked first: a damaged length must not reserve gigabytes.
      if (offset < 0 || offset + length > size) throw damaged(path, "it ends too early");
      const bytes = Buffer.alloc(length);
      if (readSync(file, bytes, 0, length, offset) < length) throw damaged(path, "it ends too early");
      return bytes;
    });
  } finally {
    closeSync(file);
  }
}

const damaged = (path: string, how: string): DataError =>
  new DataError(`${path} is not the zip archive it should be: ${how}`, "Delete it and get it again.");

type Read = (offset: number, length: number) => Buffer;

function readDirectory(path: string, size: number, read: Read): ReadonlyMap<string, Entry> {
  const tail = read(Math.max(size - END.size - END.longestComment, 0), Math.min(size, END.size + END.longestComment));
  const end = tail.lastIndexOf(Buffer.from(Uint32Array.of(END.signature).buffer));
  if (end < 0 || end + END.size > tail.length) throw damaged(path, "it has no directory");
  const count = tail.readUInt16LE(end + 10);
  const directory = read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = new Map<string, Entry>();
  for (let i = 0, at = 0; i < count; i++) {
    if (at + ENTRY.size > directory.length || directory.readUInt32LE(at) !== ENTRY.signature) {
      throw damaged(path, "its directory is damaged");
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString("utf8", at + ENTRY.size, at + ENTRY.size + nameLength);
    entries.set(name, {
      method: directory.readUInt16LE(at + 10),
      size: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    });
    at += ENTRY.size + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function readEntry(path: string, { method, size, offset }: Entry, read: Read): Uint8Array {
  const header = read(offset, LOCAL.size);
  if (header.readUInt32LE(0) !== LOCAL.signature) throw damaged(path, "an entry is not where the directory says");
  const bytes = read(offset + LOCAL.size + header.readUInt16LE(26) + header.readUInt16LE(28), size);
  if (method === 0) return bytes;
  if (method !== 8) throw damaged(path, `an entry is compressed by method ${method}`);
  try {
    return inflateRawSync(bytes);
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
}

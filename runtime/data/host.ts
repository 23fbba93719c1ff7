import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataError } from "#compiler/catalog/data-error.js";
import type { DataHost, KnownFile, RemoteFile } from "#compiler/catalog/samples.js";
import { Failure } from "../failure.js";
import { readBytes, writeFile } from "../host.js";
import { download, type DownloadOptions } from "./download.js";
import { dataPlaces, type DataPlaces, type Place } from "./places.js";

export interface DataHostOptions {
  /** What `--data` says. */
  readonly dataDirectory?: string;
  /** Where the paths of a user's own files start. */
  readonly modelFolder: string;
  /** BNMC_DATA, BNMC_MIRROR, XDG_CACHE_HOME and HOME matter. */
  readonly environment: NodeJS.ProcessEnv;
  /** Told in one line what takes long or went wrong without being fatal. */
  readonly report?: (line: string) => void;
  readonly progress?: (file: string, received: number, total: number | undefined) => void;
  /** How patient downloads are; the fallbacks suit the internet. */
  readonly patience?: Partial<Omit<DownloadOptions, "progress">>;
}

/** The data directories, the cache and the network as sources see them. Throws a `DataError` if `--data` is no folder. */
export function dataHost(options: DataHostOptions): DataHost {
  const { dataDirectory, environment, modelFolder } = options;
  if (dataDirectory !== undefined && !isFolder(dataDirectory)) {
    throw new DataError(`--data names ${dataDirectory}, which is not a folder`, "Name the folder that holds mnist/ and its siblings.");
  }
  const places = dataPlaces(environment, dataDirectory);
  const found = async (file: KnownFile): Promise<Uint8Array | undefined> => {
    const path = locate(file, places.searched);
    return path === undefined ? undefined : checked(file, path);
  };
  return {
    found,
    published: async (file) => (await found(file)) ?? fetchToCache(file, places, options),
    own: async (path) => {
      const absolute = resolve(modelFolder, path);
      return read(existing([absolute, `${absolute}.gz`]) ?? absolute, `Paths in a dataset start at the model's folder, ${modelFolder}.`);
    },
  };
}

// `existsSync` first: unlike `statSync` it takes a folder that may not be searched for one that is not there.
const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

const existing = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path) && statSync(path).isFile());

const locate = ({ path, elsewhere = [] }: KnownFile, places: readonly Place[]): string | undefined =>
  existing(places.flatMap(({ folder }) => [path, ...elsewhere].flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)])));

function read(path: string, remedy: string): Uint8Array {
  try {
    return inflated(readBytes(path));
  } catch (error) {
    if (error instanceof Failure) throw new DataError(error.message, remedy);
    throw new DataError(`${path} is a damaged gzip file: ${(error as Error).message}`, "Delete it and get it again.");
  }
}

/** What the bytes are is seen from their first two, not from a name: servers and people unpack silently. */
const inflated = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

function checked(file: KnownFile, path: string): Uint8Array {
  const bytes = read(path, "Check its permissions.");
  if (file.md5 !== undefined && md5(bytes) !== file.md5) {
    throw new DataError(
      `${path} is not the published file: its content has the MD5 ${md5(bytes)}, not ${file.md5}`,
      "Delete or rename it to have it downloaded; read data of your own with `idx(…)`.",
    );
  }
  return bytes;
}

async function fetchToCache(file: RemoteFile, places: DataPlaces, options: DataHostOptions): Promise<Uint8Array> {
  const mirror = options.environment["BNMC_MIRROR"];
  const urls = mirror ? [`${mirror.replace(/\/+$/, "")}/${file.path}.gz`] : file.urls;
  const failures: string[] = [];
  for (const url of urls) {
    options.report?.(`downloading ${url}`);
    const result = await fetchChecked(url, file, options);
    if ("failure" in result) {
      failures.push(`${url}: ${result.failure}`);
      continue;
    }
    keep(join(places.cache, `${file.path}.gz`), result.packed, options);
    return result.bytes;
  }
  throw new DataError(`cannot get ${file.path}: no data directory has it, and downloading failed`, remedy(file, places, failures));
}

type Fetched = { readonly packed: Uint8Array; readonly bytes: Uint8Array } | { readonly failure: string };

async function fetchChecked(url: string, file: RemoteFile, { progress, patience }: DataHostOptions): Promise<Fetched> {
  const result = await download(url, {
    patience: 30_000,
    retries: 2,
    pause: 1_000,
    ...patience,
    ...(progress && { progress: (received: number, total: number | undefined) => progress(file.path, received, total) }),
  });
  if ("failure" in result) return result;
  try {
    const bytes = inflated(result.bytes);
    return md5(bytes) === file.md5 ? { packed: result.bytes, bytes } : { failure: `wrong content (MD5 ${md5(bytes)}, not ${file.md5})` };
  } catch (error) {
    return { failure: `damaged (${(error as Error).message})` };
  }
}

/** A cache that cannot be written costs another download, not the run. */
function keep(path: string, bytes: Uint8Array, { report }: DataHostOptions): void {
  try {
    writeFile(path, bytes);
  } catch (error) {
    report?.(`${(error as Error).message}; the download is used but not kept`);
  }
}

function remedy(file: RemoteFile, { searched }: DataPlaces, failures: readonly string[]): string {
  return [
    `Put ${file.path} or ${file.path}.gz into one of the folders below, or name the folder that holds ${dirname(file.path)}/ with --data or BNMC_DATA.`,
    ...searched.map(({ folder, reason }) => `Searched: ${relativeTo(folder)} (${reason}${isFolder(folder) ? "" : "; does not exist"})`),
    ...failures.map((failure) => `Tried: ${failure}`),
  ].join("\n");
}

/** Short inside the working folder, absolute outside. */
const relativeTo = (folder: string): string => {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? folder : `./${path}`;
};

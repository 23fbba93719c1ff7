import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { DataError } from "#compiler/catalog/data-error.js";
import type { ArchiveEntry, DataHost, KnownFile, RemoteArchive, RemoteFile } from "#compiler/catalog/samples.js";
import { writeFile } from "../host.js";
import { fetchArchive, md5OfFile } from "./archive.js";
import { download, type DownloadOptions } from "./download.js";
import { existing, inflated, isFolder, isThere, locate, md5, namesIn, otherKind, readData, readKnown } from "./files.js";
import { askMirrors, type Answer } from "./mirrors.js";
import { dataPlaces, type DataPlaces, searchedLines, shortened } from "./places.js";
import { standInFor } from "./stand-in.js";
import { readZip } from "./zip.js";

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
    return path === undefined ? undefined : readKnown(file, path);
  };
  return {
    found,
    published: async (file) => (await found(file)) ?? fetchFile(file, places, options),
    unpack: (archive, entries) => unpack(archive, entries, places, options),
    own: async (path) => {
      const candidates = ownPlaces(modelFolder, places).map((folder) => resolve(folder, path));
      const file = existing(candidates.flatMap((candidate) => [candidate, `${candidate}.gz`]));
      if (file !== undefined) return checkedForStandIn(path, await readData(file, "Check its permissions."));
      const other = candidates.find(isThere);
      if (other !== undefined) {
        throw new DataError(`${path} is no file: ${otherKind(other)}`, "Name a file: what is read must be there as a whole.");
      }
      throw new DataError(`there is no file ${path}`, searchedFor(modelFolder, places));
    },
    names: async (folder) =>
      namesIn(
        ownPlaces(modelFolder, places)
          .map((place) => resolve(place, folder))
          .find(isFolder),
      ),
  };
}

function checkedForStandIn(path: string, bytes: Uint8Array): Uint8Array {
  const found = standInFor(bytes);
  if (found === undefined) return bytes;
  throw new DataError(`${path} is ${found.name}`, `${found.remedy[0]!.toUpperCase()}${found.remedy.slice(1)}.`);
}

/** Where a user's own files may lie. */
const ownPlaces = (modelFolder: string, { searched }: DataPlaces): readonly string[] => [
  modelFolder,
  ...searched.map(({ folder }) => folder),
];

const searchedFor = (modelFolder: string, places: DataPlaces): string =>
  [
    `Put it beside the model, or into a data directory: name one with --data or BNMC_DATA.`,
    `Searched: ${shortened(resolve(modelFolder))} (beside the model)`,
    ...searchedLines(places),
  ].join("\n");

const patienceFor = (path: string, { patience, progress }: DataHostOptions): DownloadOptions => ({
  patience: 30_000,
  retries: 2,
  pause: 1_000,
  ...patience,
  ...(progress && { progress: (received: number, total: number | undefined) => progress(path, received, total) }),
});

interface Fetched {
  /** As downloaded. */
  readonly packed: Uint8Array;
  readonly bytes: Uint8Array;
}

async function fetchFile(file: RemoteFile, places: DataPlaces, options: DataHostOptions): Promise<Uint8Array> {
  const path = `${file.path}.gz`;
  const { packed, bytes } = await askMirrors({ path, urls: file.urls }, places, options.environment, (url) => {
    options.report?.(`downloading ${url}`);
    return fetchChecked(url, file, patienceFor(path, options));
  });
  // A cache that cannot be written costs another download, not the run.
  try {
    writeFile(join(places.cache, path), packed);
  } catch (error) {
    options.report?.(`${(error as Error).message}; the download is used but not kept`);
  }
  return bytes;
}

async function fetchChecked(url: string, file: RemoteFile, options: DownloadOptions): Promise<Answer<Fetched>> {
  let pieces: Uint8Array[] = [];
  const failure = await download(url, () => ((pieces = []), (piece) => pieces.push(piece)), options);
  if (failure !== undefined) return { failure };
  try {
    const packed = Buffer.concat(pieces);
    const bytes = await inflated(packed);
    return md5(bytes) === file.md5 ? { value: { packed, bytes } } : { failure: `wrong content (MD5 ${md5(bytes)}, not ${file.md5})` };
  } catch (error) {
    return { failure: `damaged (${(error as Error).message})` };
  }
}

async function unpack(
  archive: RemoteArchive,
  entries: readonly ArchiveEntry[],
  places: DataPlaces,
  options: DataHostOptions,
): Promise<void> {
  const path = (await findArchive(archive, places)) ?? (await askForArchive(archive, places, options));
  const unpacked = readZip(
    path,
    entries.map(({ entry }) => entry),
  );
  for (const { entry, file } of entries) {
    const bytes = unpacked.get(entry)!;
    writeFile(join(places.cache, `${file.path}.gz`), entry.endsWith(".gz") ? bytes : gzipSync(bytes));
  }
}

async function findArchive(archive: RemoteArchive, { searched }: DataPlaces): Promise<string | undefined> {
  const path = existing(searched.map(({ folder }) => join(folder, archive.path)));
  const found = path === undefined ? archive.md5 : await md5OfFile(path);
  if (found === archive.md5) return path;
  throw new DataError(
    `${path} is not the published archive: it has the MD5 ${found}, not ${archive.md5}`,
    "Delete it to have it downloaded again.",
  );
}

const askForArchive = (archive: RemoteArchive, places: DataPlaces, options: DataHostOptions): Promise<string> =>
  askMirrors(archive, places, options.environment, (url) => {
    options.report?.(`downloading ${url} (${archive.size})`);
    return fetchArchive(url, archive, join(places.cache, archive.path), patienceFor(archive.path, options));
  });

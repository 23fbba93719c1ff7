import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { isFolder } from "./files.js";

/** A folder in which data is looked for. */
export interface Place {
  readonly folder: string;
  /** Why it is looked at: "--data", "BNMC_DATA"… */
  readonly reason: string;
}

export interface DataPlaces {
  /** In the order in which they are searched; the cache is the last. */
  readonly searched: readonly Place[];
  /** Where downloads go. */
  readonly cache: string;
}

/** Where datasets may lie: the command line's folder, the environment's, ./data, then the user's cache. */
export function dataPlaces(environment: NodeJS.ProcessEnv, dataDirectory?: string): DataPlaces {
  const cache = cacheFolder(environment, process.platform);
  const given: readonly (readonly [string, string | undefined])[] = [
    ["--data", dataDirectory],
    ["BNMC_DATA", environment["BNMC_DATA"]],
    ["working folder", "data"],
    ["cache", cache],
  ];
  return { cache, searched: given.flatMap(([reason, folder]) => (folder ? [{ reason, folder: resolve(folder) }] : [])) };
}

/** XDG's cache folder, or the platform's own. */
export function cacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment["HOME"] ?? homedir();
  if (environment["XDG_CACHE_HOME"]) return join(environment["XDG_CACHE_HOME"], "bnmc");
  if (platform === "darwin") return join(home, "Library", "Caches", "bnmc");
  if (platform === "win32") return join(environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "bnmc", "Cache");
  return join(home, ".cache", "bnmc");
}

/** Where data was looked for, a line each, for a remedy. */
export const searchedLines = ({ searched }: DataPlaces): readonly string[] =>
  searched.map(({ folder, reason }) => `Searched: ${shortened(folder)} (${reason}${isFolder(folder) ? "" : "; does not exist"})`);

/** Short inside the working folder, absolute outside. */
export function shortened(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? folder : `./${path}`;
}

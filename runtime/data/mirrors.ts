import { dirname } from "node:path";
import { DataError } from "#compiler/catalog/data-error.js";
import { type DataPlaces, searchedLines } from "./places.js";

/** What is downloaded when no data directory has it. */
export interface Wanted {
  /** Under a data directory, and under BNMC_MIRROR. */
  readonly path: string;
  readonly urls: readonly string[];
}

/** What one mirror gave, or why it gave nothing. */
export type Answer<T> = { readonly value: T } | { readonly failure: string };

/** BNMC_MIRROR stands for all mirrors: it has the files under their paths. */
const mirrorsOf = ({ path, urls }: Wanted, mirror: string | undefined): readonly string[] =>
  mirror ? [`${mirror.replace(/\/+$/, "")}/${path}`] : urls;

/** The answer of the first mirror that has one; rejects with a `DataError` that names all places and mirrors. */
export async function askMirrors<T>(
  wanted: Wanted,
  places: DataPlaces,
  environment: NodeJS.ProcessEnv,
  ask: (url: string) => Promise<Answer<T>>,
): Promise<T> {
  const failures: string[] = [];
  for (const url of mirrorsOf(wanted, environment["BNMC_MIRROR"])) {
    const answer = await ask(url);
    if ("value" in answer) return answer.value;
    failures.push(`Tried: ${url}: ${answer.failure}`);
  }
  const { path } = wanted;
  throw new DataError(
    `cannot get ${path}: no data directory has it, and downloading failed`,
    [
      `Put ${path} into one of the folders below, or name the folder that holds ${dirname(path)}/ with --data or BNMC_DATA.`,
      ...searchedLines(places),
      ...failures,
    ].join("\n"),
  );
}

import type { DataHost } from "../samples.js";

/** A file of a user's, and the class that its place says. */
export interface ClassFile {
  readonly file: string;
  readonly name: string;
}

/** What lies in a folder with a folder, or a file, for each class. */
export interface ClassFolders {
  /** Those that are read, folder by folder in the order of names; what lies deeper in a class's folder belongs to it, too. */
  readonly files: readonly ClassFile[];
  /** Folders of classes without any file that is read. */
  readonly empty: readonly string[];
  /** Files that are not read. */
  readonly others: readonly string[];
}

/** Links may lead in a circle. */
const deepest = 8;

/**
 * Finds the files of classes; undefined when there is no such folder. `accepts` says by a name whether a file is read, and
 * `classOf` the class of a file that lies in no folder of its own; without it such files are others.
 */
export async function findClassFiles(
  folder: string,
  host: DataHost,
  accepts: (name: string) => boolean,
  classOf?: (name: string) => string,
): Promise<ClassFolders | undefined> {
  const names = await host.names(folder);
  if (names === undefined) return undefined;
  const found = await Promise.all(
    names.map((name) =>
      name.endsWith("/") ? inClass(folder, name, host, accepts) : Promise.resolve(alone(folder, name, accepts, classOf)),
    ),
  );
  return {
    files: found.flatMap(({ files }) => files),
    empty: found.flatMap(({ empty }) => empty),
    others: found.flatMap(({ others }) => others),
  };
}

function alone(
  folder: string,
  name: string,
  accepts: (name: string) => boolean,
  classOf: ((name: string) => string) | undefined,
): ClassFolders {
  const file = `${folder}/${name}`;
  return classOf !== undefined && accepts(name)
    ? { files: [{ file, name: classOf(name) }], empty: [], others: [] }
    : { files: [], empty: [], others: [file] };
}

async function inClass(folder: string, name: string, host: DataHost, accepts: (name: string) => boolean): Promise<ClassFolders> {
  const all = await filesUnder(`${folder}/${name}`, host, deepest);
  const files = all.filter(accepts).map((file) => ({ file, name: name.slice(0, -1) }));
  return { files, empty: files.length === 0 ? [`${folder}/${name.slice(0, -1)}`] : [], others: all.filter((file) => !accepts(file)) };
}

async function filesUnder(folder: string, host: DataHost, depth: number): Promise<readonly string[]> {
  const names = (await host.names(folder)) ?? [];
  const nested = await Promise.all(
    names.map((name) => (!name.endsWith("/") ? [`${folder}${name}`] : depth === 0 ? [] : filesUnder(`${folder}${name}`, host, depth - 1))),
  );
  return nested.flat();
}

/** How many names a remark lists. */
const mostNames = 5;

/** `3 files of data are no tables, and are left out: a.log, b.log, c.log`; nothing where none was. */
export function leftOut(others: readonly string[], folder: string, what: string): readonly string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, mostNames).map((file) => file.slice(folder.length + 1));
  const listed = `${names.join(", ")}${others.length > mostNames ? ", …" : ""}`;
  return [
    others.length === 1
      ? `${others[0]} is no ${what}, and is left out`
      : `${others.length} files of ${folder} are no ${what}s, and are left out: ${listed}`,
  ];
}

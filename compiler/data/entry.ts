import { DataError } from "#compiler/catalog/data-error.js";

/** The entry of a family by its name; a `DataError` when there is none. */
export function entryOf<T>(family: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(family, name) ? family[name] : undefined;
  if (found === undefined) {
    throw new DataError(`there is no \`${name}\` to prepare data with`, `Known: ${Object.keys(family).join(", ")}.`);
  }
  return found;
}

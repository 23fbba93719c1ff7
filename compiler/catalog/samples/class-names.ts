import { DataError } from "../data-error.js";

/** Where the samples of a class were first met. */
export interface Sighting {
  readonly name: string;
  readonly place: string;
}

const shown = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");

/** Labels are bytes. */
const mostClasses = 256;

/**
 * The classes of samples whose classes are named by words, in the order of the labels: those that the dataset says, else
 * those that were met, in the order of numbers or letters. `origin` is what messages call the samples.
 */
export function classNames(met: readonly Sighting[], said: readonly string[] | undefined, origin: string): readonly string[] {
  if (said === undefined) return sorted(met, origin);
  const stranger = met.find(({ name }) => !said.includes(name));
  if (stranger !== undefined) {
    throw new DataError(
      `${stranger.place}: ${JSON.stringify(stranger.name)} is none of the dataset's classes: ${shown(said)}`,
      "Add it to `classes:`, or correct the data.",
    );
  }
  const missing = said.find((name) => !met.some((each) => each.name === name));
  if (missing === undefined) return said;
  throw new DataError(
    `${origin} has no samples of the class ${JSON.stringify(missing)}`,
    `Record some, or take it out of \`classes:\`. There are ${shown(met.map(({ name }) => name))}.`,
  );
}

function sorted(met: readonly Sighting[], origin: string): readonly string[] {
  if (met.length > mostClasses) {
    throw new DataError(
      `${origin} has more than ${mostClasses} classes: ${shown(met.slice(0, 3).map(({ name }) => name))}, …`,
      "Name what holds the class of a sample; a measured value is no class.",
    );
  }
  const names = met.map(({ name }) => name);
  const numbers = names.every((name) => name !== "" && Number.isFinite(Number(name)));
  return names.sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

import { DataError } from "../data-error.js";
import type { DataHost } from "../samples.js";

const refuse = () => Promise.reject(new Error("not asked for"));

/** A user's files in memory, by path; text is text. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): DataHost {
  const namesIn = (path: string): readonly string[] => {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const inside = Object.keys(files).filter((file) => file.startsWith(prefix));
    return [...new Set(inside.map((file) => file.slice(prefix.length).replace(/\/.*/, "/")))].filter((name) => name !== "").sort();
  };
  return {
    found: refuse,
    published: refuse,
    unpack: refuse,
    own: async (path) => {
      const content = files[path];
      if (content === undefined) throw new DataError(`there is no file ${path}`, "");
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    names: async (path) => (files[`${path}/`] !== undefined || namesIn(path).length > 0 ? namesIn(path) : undefined),
  };
}

/** Message and remedy of a refusal, one after the other; throws when there is none. */
export async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => new Error("was accepted"),
    (reason: unknown) => reason,
  );
  if (error instanceof DataError) return `${error.message}\n${error.remedy}`;
  throw error;
}

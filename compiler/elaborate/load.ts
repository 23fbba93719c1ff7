import type { File } from "#grammar/ast.js";
import type { Checked, Diagnostic } from "#grammar/diagnostic.js";
import { parse } from "#grammar/parse.js";
import { problem } from "./messages.js";

/** A file with every file it uses, directly or not, by path. */
export interface Program {
  readonly root: File;
  readonly files: ReadonlyMap<string, File>;
}

/** Parses a file and all that it uses; `read` gives a file's text, or undefined when there is none. */
export function load(path: string, text: string, read: (path: string) => string | undefined): Checked<Program> {
  const diagnostics: Diagnostic[] = [];
  const files = new Map<string, File>();
  const enter = (enterPath: string, enterText: string): File => {
    const { value, diagnostics: found } = parse({ path: enterPath, text: enterText });
    for (const each of found) diagnostics.push(each);
    files.set(enterPath, value);
    for (const declaration of value.declarations) {
      if (declaration.kind !== "use") continue;
      const target = resolvePath(enterPath, declaration.path.value);
      if (files.has(target)) continue;
      const used = read(target);
      if (used !== undefined) enter(target, used);
      else
        diagnostics.push(
          problem(
            "unreadable-import",
            declaration.path.span,
            { path: declaration.path.value },
            {
              help: `there is no file ${target}: the path is relative to ${enterPath}`,
            },
          ),
        );
    }
    return value;
  };
  const root = enter(normalise(path), text);
  return { value: { root, files }, diagnostics };
}

/** A path written in one file, as the path that `read` understands. */
export function resolvePath(from: string, written: string): string {
  if (written.startsWith("/")) return normalise(written);
  return normalise(`${from.split("/").slice(0, -1).join("/")}/${written}`.replace(/^\//, from.startsWith("/") ? "/" : ""));
}

/** Without `.` and without `x/..`. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== ".." && parts.at(-1) !== "") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

import { join } from "node:path";
import type { Templates } from "#compiler/ir/emission.js";
import { filesUnder, packageRoot, readText } from "./host.js";

/** All files of templates/, by path below that folder. */
export function loadTemplates(): Templates {
  const root = join(packageRoot, "templates");
  return new Map(
    filesUnder(root)
      .filter((path) => path.endsWith(".hbs"))
      .map((path) => [path, readText(join(root, path))]),
  );
}

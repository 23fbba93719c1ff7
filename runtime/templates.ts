import { join } from "node:path";
import type { Templates } from "#compiler/ir/emission.js";
import { namesIn, packageRoot, readText } from "./host.js";

const folders = [
  "",
  "parts",
  "kernels",
  "helpers",
  "firmware",
  "program",
  "program/clips",
  "program/images",
  "program/optimizers",
  "program/schedules",
] as const;

/** All files of templates/, by path below that folder. */
export function loadTemplates(): Templates {
  const root = join(packageRoot, "templates");
  const paths = folders.flatMap((folder) =>
    namesIn(join(root, folder))
      .filter((name) => name.endsWith(".hbs"))
      .map((name) => (folder === "" ? name : `${folder}/${name}`)),
  );
  return new Map(paths.map((path) => [path, readText(join(root, path))]));
}

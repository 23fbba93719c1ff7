import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { kernels } from "./index.js";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The entries: what files of families export by default, by name. */
const entries = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: family }) => readdirSync(`${folder}${family}`).map((file) => ({ family, file })))
  .filter(({ family, file }) => file.endsWith(".ts") && readFileSync(`${folder}${family}/${file}`, "utf8").includes("\nexport default "))
  .map(({ family, file }) => ({ family, name: file.slice(0, -3), variable: file.slice(0, -3).replaceAll("-", "_") }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const render = (): string =>
  [
    "// Generated from the folders beside it by `npm run gen`; do not edit.",
    'import type { Kernel } from "./contract.js";',
    ...entries.map(({ family, name, variable }) => `import ${variable} from "./${family}/${name}.js";`),
    "",
    "/** Every kernel, by name. */",
    "export const kernels: Readonly<Record<string, Kernel>> = {",
    ...entries.map(({ name, variable }) => `  ${JSON.stringify(name)}: ${variable},`),
    "};",
    "",
  ].join("\n");

test("the index lists every kernel of every family", async () => {
  const file = `${folder}index.ts`;
  await expect(await format(render(), { ...(await resolveConfig(file)), filepath: file })).toMatchFileSnapshot(file);
});

test.each(entries)("$name is named after its file, and its template after both", ({ name, family }) => {
  expect(kernels[name]).toMatchObject({ name, template: `${family}/${name}` });
});

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import type { Kernel } from "./contract.js";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** What files of families export by default. */
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: family }) => readdirSync(`${folder}${family}`).map((file) => ({ family, file })))
  .filter(({ family, file }) => file.endsWith(".ts") && readFileSync(`${folder}${family}/${file}`, "utf8").includes("\nexport default "))
  .map(({ family, file }) => ({ family, name: file.slice(0, -3), text: readFileSync(`${folder}${family}/${file}`, "utf8") }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const isAssembly = ({ text }: (typeof files)[number]): boolean => text.includes("defineAssembly(");
const entries = files
  .filter((file) => !isAssembly(file))
  .map(({ family, name }) => ({ family, name, variable: name.replaceAll("-", "_") }));
const assembled = files
  .filter(isAssembly)
  .map(({ family, name }) => ({ family, name, variable: `${family}_${name}`.replaceAll("-", "_") }));

const render = (): string =>
  [
    "// Generated from the folders beside it by `npm run gen`; do not edit.",
    'import type { FamilyAssembly } from "./family-assembly.js";',
    'import type { Kernel } from "./contract.js";',
    ...[...entries, ...assembled].map(({ family, name, variable }) => `import ${variable} from "./${family}/${name}.js";`),
    "",
    "/** Every kernel, by name. */",
    "export const kernels: Readonly<Record<string, Kernel>> = {",
    ...entries.map(({ name, variable }) => `  ${JSON.stringify(name)}: ${variable},`),
    "};",
    "",
    "/** The assembly of families for other instruction sets than RISC-V. */",
    `export const assemblies: readonly FamilyAssembly[] = [${assembled.map(({ variable }) => variable).join(", ")}];`,
    "",
  ].join("\n");

test("the index lists every kernel of every family", async () => {
  const file = `${folder}index.ts`;
  await expect(await format(render(), { ...(await resolveConfig(file)), filepath: file })).toMatchFileSnapshot(file);
});

test.each(entries)("$name is named after its file, and its template after both", async ({ name, family }) => {
  const { default: kernel } = (await import(`./${family}/${name}.ts`)) as { readonly default: Kernel };
  expect(kernel).toMatchObject({ name, template: `${family}/${name}` });
});

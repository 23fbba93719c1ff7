import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { catalog, families } from "./index.js";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The type of each family's entries and where it is declared. */
const types: Readonly<Record<string, readonly [type: string, file: string]>> = {
  activations: ["ActivationFormat", "activation"],
  augmentations: ["Augmentation", "samples"],
  claims: ["ClaimDefinition", "claim"],
  clips: ["Clip", "training"],
  layers: ["LayerDefinition", "layer"],
  norms: ["Norm", "norm"],
  optimizers: ["Optimizer", "training"],
  progressions: ["Progression", "progression"],
  prunings: ["Pruning", "pruning"],
  quantizers: ["Quantizer", "codebook/quantizer"],
  schedules: ["Schedule", "training"],
  sources: ["Source", "samples"],
  transforms: ["Transform", "samples"],
};

const entriesOf = (family: string): string[] =>
  readdirSync(`${folder}${family}`)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -3))
    .sort();

const variable = (family: string, entry: string): string => `${family}_${entry.replaceAll("-", "_")}`;

function render(): string {
  const declared = [...new Set(Object.values(types).map(([, file]) => file))].sort();
  const typeImports = declared.map((file) => {
    const names = Object.values(types)
      .filter(([, from]) => from === file)
      .map(([type]) => type)
      .sort();
    return `import type { ${names.join(", ")} } from "./${file}.js";`;
  });
  const names = Object.keys(types).sort();
  const imports = names.flatMap((family) =>
    entriesOf(family).map((entry) => `import ${variable(family, entry)} from "./${family}/${entry}.js";`),
  );
  const records = names.map((family) => {
    const rows = entriesOf(family).map((entry) => `    ${JSON.stringify(entry)}: ${variable(family, entry)},\n`);
    return `  ${family}: {\n${rows.join("")}  } as Readonly<Record<string, ${types[family]![0]}>>,\n`;
  });
  return [
    "// Generated from the folders beside it by `npm run gen`; do not edit.",
    ...typeImports,
    ...imports,
    "",
    "/** Everything bnmc knows, by family and name. */",
    `export const catalog = {\n${records.join("")}};`,
    "",
    `export const families = ${JSON.stringify(names)} as const;`,
    "",
  ].join("\n");
}

test("the index lists every file of the catalogue", async () => {
  const file = `${folder}index.ts`;
  const formatted = await format(render(), { ...(await resolveConfig(file)), filepath: file });
  await expect(formatted).toMatchFileSnapshot(file);
});

test.each(families.map((family) => [family]))("entries of %s are named after their files", (family) => {
  for (const [name, entry] of Object.entries(catalog[family])) expect(entry.name).toBe(name);
});

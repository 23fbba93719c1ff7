import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { targetNames } from "#runtime/targets.js";
import { elaborate } from "../elaborate/elaborate.js";
import { printModule, printSettings } from "../ir/print.js";
import { load } from "../elaborate/load.js";

const models = fileURLToPath(new URL("../../models/", import.meta.url));
const goldens = fileURLToPath(new URL("ir/", import.meta.url));
const read = (path: string): string | undefined => (existsSync(models + path) ? readFileSync(models + path, "utf8") : undefined);

test.each(readdirSync(models).filter((file) => file.endsWith(".bnm")))("%s means what its golden says", async (file) => {
  const { value: program, diagnostics: syntax } = load(file, read(file)!, read);
  const { value: module, diagnostics } = elaborate(program, { targets: targetNames() });
  expect([...syntax, ...diagnostics]).toEqual([]);
  const dump = `${printModule(module)}\nsettings\n${printSettings(module)}`;
  await expect(dump).toMatchFileSnapshot(`${goldens}${file.replace(".bnm", ".txt")}`);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { program } from "../cli/program.js";
import { diagnosticTable } from "../diagnostics.js";
import { packageRoot } from "../host.js";
import { allTargets } from "../targets.js";
import { type CaseFile, examplesFrom } from "./examples.js";
import { referenceFiles } from "./pages.js";

const caseFolders = ["grammar/cases/recover", "compiler/cases/errors"];
const folder = join(packageRoot, "docs/reference");

const casesIn = (path: string): readonly CaseFile[] =>
  readdirSync(join(packageRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, text: readFileSync(join(packageRoot, path, name), "utf8") }));

const library = readFileSync(join(packageRoot, "compiler/cases/errors/lib/lib.bnm"), "utf8");
const targets = allTargets();
const examples = examplesFrom(caseFolders.flatMap(casesIn), { targets, read: (path) => (path === "lib.bnm" ? library : undefined) });
const files = referenceFiles({ targets, program: program(), examples });

test.each([...files])("%s is fresh", async (file, text) => {
  await expect(text).toMatchFileSnapshot(join(folder, file));
});

test("the folder has no other files", () => {
  expect(readdirSync(folder).filter((file) => !files.has(file))).toEqual([]);
});

test("every message has an example", () => {
  // There is no layer that no kernel serves, and examples of what is too long or too deep would be as long.
  expect(Object.keys(diagnosticTable).filter((code) => !examples.has(code))).toEqual(["too-long", "too-many-steps", "no-kernel"]);
});

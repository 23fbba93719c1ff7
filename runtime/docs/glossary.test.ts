import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../host.js";

const glossary = readFileSync(join(packageRoot, "docs/glossary.md"), "utf8");
const rows = [...glossary.matchAll(/^\| ([^|]+) \| [^|]* \| [^|]+ \| `([^`]+)` \|$/gm)].map(([, word, place]) => [word!, place!] as const);

/** All text of a file, or of the files of a folder. */
function textOf(path: string): string {
  if (statSync(path).isFile()) return readFileSync(path, "utf8");
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => `${file}\n${readFileSync(file, "utf8")}`)
    .join("\n");
}

/** `zero point`, `zeroPoint`, `zero-point` and `ZeroPoint` are one word. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

test("every row of a table is read", () => {
  expect(rows.length).toBe([...glossary.matchAll(/^\| /gm)].length - 2 * [...glossary.matchAll(/^\| Word /gm)].length);
});

test.each(rows)("%s is a word of %s", (word, place) => {
  const path = join(packageRoot, place);
  expect(existsSync(path), place).toBe(true);
  expect(plain(textOf(path)).includes(plain(word)), `${place} does not have "${word}"`).toBe(true);
});

test("every word has one row", () => {
  const words = rows.map(([word]) => plain(word));
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
});

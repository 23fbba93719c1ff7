import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkWritable, inTemporaryFolder, readText, writeFile } from "./host.js";

test("files are written with the folders that they lie in", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "a/b/c.txt");
    writeFile(path, "one");
    writeFile(path, "two");
    expect(readText(path)).toBe("two");
    expect(() => writeFile(join(path, "d.txt"), "")).toThrow(/^cannot write .*d\.txt: part of the path is not a folder$/);
    for (const place of [folder, `${folder}/.`, "/", "."]) {
      expect(() => writeFile(place, "")).toThrow(/^cannot write .*: it is a folder$/);
      expect(() => checkWritable(place)).toThrow(/^cannot write .*: it is a folder$/);
    }
  }));

test.skipIf(!existsSync("/proc/self"))("a place where no folder can be made is refused, and not tried for ever", () => {
  expect(() => writeFile("/proc/bnmc/file", "")).toThrow(/^cannot write \/proc\/bnmc\/file: there is no such file or folder$/);
});

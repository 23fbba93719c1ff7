import { expect, test } from "vitest";
import { inTemporaryFolder, writeFile } from "../host.js";
import { loadTarget } from "../targets.js";
import { compile, findCompiler } from "./cc.js";

const host = findCompiler(loadTarget("host"));

test.skipIf(host === undefined)("a compiler without its own parts is told from code that it refuses", () =>
  inTemporaryFolder((folder) => {
    writeFile(`${folder}/a.c`, "int main(void) { return 0; }\n");
    writeFile(`${folder}/b.c`, "int main(void) { return ; nothing }\n");
    const remedyOf = (source: string, flags: readonly string[]): unknown => {
      try {
        return compile(host!, { sources: [source], output: "a.out", flags, folder });
      } catch (error) {
        return (error as { readonly remedy: string }).remedy;
      }
    };
    expect(remedyOf("a.c", ["-wrapper", "/nowhere/wrapper"])).toMatch(/^see to .* and its surroundings/);
    expect(remedyOf("b.c", [])).toMatch(/^this is a mistake of bnmc/);
  }),
);

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionScript } from "./completion.js";
import { program } from "./program.js";

/** What bash offers after these words. */
function complete(...words: readonly string[]): readonly string[] {
  const script = `${completionScript("bash", program())}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_bnmc
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trim().split("\n");
}

test("commands", () => {
  expect(complete("bnmc", "e")).toEqual(["emit-c", "eval", "export", "emit-ts", "explain"]);
});

test("options of a command", () => {
  expect(complete("bnmc", "verify", "--sa")).toEqual(["--samples"]);
});

test("the words an option takes", () => {
  expect(complete("bnmc", "emit-c", "--target", "ch32v003")).toEqual(["ch32v003"]);
});

test("files elsewhere", () => {
  expect(complete("bnmc", "check", "package.j")).toEqual(["package.json"]);
});

test.each(["zsh", "fish"] as const)("%s names every command", (shell) => {
  const script = completionScript(shell, program());
  for (const { name } of program().commands.map((command) => ({ name: command.name() }))) expect(script).toContain(name);
});

import { describe, expect, test } from "vitest";
import type { Target } from "#compiler/ir/target.js";
import { loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { representatives, templatesOf } from "../verify/testing/representatives.js";
import { type Compiler, findCompiler } from "./cc.js";
import { run } from "./process.js";
import { spacious, wrongOnChip } from "./testing/image.js";

/**
 * Emitted C in other people's builds: representatives of every template, compiled by several compilers with the flags that people
 * use, linked together, and run on the simulated chip where that changes the code.
 */
const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wno-overlength-strings", "-Wconversion", "-Werror"];

/** Clang for a chip, which takes RV32E since its version 17; undefined where there is none. */
function clangFor(target: Target): Compiler | undefined {
  const command = ["clang-19", "clang-22", "clang"].find(
    (name) => Number.parseInt(run(name, ["-dumpversion"])?.stdout.toString() ?? "") >= 17,
  );
  const march = target.core === "rv32ec" ? "rv32ec" : "rv32ec_zmmul";
  return command === undefined
    ? undefined
    : { command, version: "", flags: ["--target=riscv32", "-std=c99", `-march=${march}`, "-mabi=ilp32e"] };
}

/** The target's own compiler without the optimization that is usual for it. */
function gccFor(target: Target): Compiler | undefined {
  const compiler = findCompiler(target);
  return compiler && { ...compiler, flags: compiler.flags.filter((flag) => flag !== "-Os") };
}

const ways = {
  ch32v003: {
    GCC: [
      "-O0",
      "-O1",
      "-O3",
      "-Os -flto",
      "-O2 -flto -flto-partition=max",
      "-Os -fno-omit-frame-pointer",
      "-O2 -fstack-protector-all",
      "-Os -finstrument-functions",
      "-Os -x c++ -std=c++17",
    ],
    Clang: ["-O0", "-Os", "-O3"],
  },
  ch32v002: {
    GCC: ["-O0", "-Os -flto -flto-partition=max", "-O2 -fno-omit-frame-pointer", "-Os -fstack-protector-all -finstrument-functions"],
    Clang: ["-O2"],
  },
} as const;

test("representatives have every template of kernels and of what they call", () => {
  const taken = Object.keys(ways).flatMap((name) => representatives(loadTarget(name)).flatMap(({ plan }) => templatesOf(plan)));
  const paths = new Set(taken.map((template) => `${template.replace(", in RAM", "")}.c.hbs`));
  expect(
    [...loadTemplates().keys()].filter(
      (path) => /^(?!firmware|program|partials)[\w-]+\/(routines\/)?[\w-]+\.c\.hbs$/.test(path) && !paths.has(path),
    ),
  ).toEqual([]);
});

describe.each(Object.entries(ways) as [string, Readonly<Record<"GCC" | "Clang", readonly string[]>>][])("for %s", (name, flagsOf) => {
  const target = loadTarget(name);
  const gcc = gccFor(target);
  const compilers = { GCC: gcc, Clang: clangFor(target) };
  const cases = gcc === undefined ? [] : representatives(target);

  for (const [maker, all] of Object.entries(flagsOf)) {
    const compiler = compilers[maker as keyof typeof compilers];
    test.skipIf(gcc === undefined || compiler === undefined).each(all)(
      `${maker} compiles all templates without warnings, in one image that needs no library and gives the reference's logits: %s`,
      (flags) => {
        const speaks = flags.includes("c++") ? { ...compiler!, flags: compiler!.flags.filter((flag) => flag !== "-std=c99") } : compiler!;
        const warnings = flags.includes("c++") ? strict.filter((flag) => flag !== "-Wpedantic") : strict;
        // A partition for each function takes long to link.
        const some = flags.includes("partition") ? cases.filter((_, at) => at % 5 === 0) : cases;
        expect(wrongOnChip(some, spacious(target), { gcc: gcc!, compiler: speaks, flags: [...warnings, ...flags.split(" ")] })).toBe("");
      },
    );
  }
});

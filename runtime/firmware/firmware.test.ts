import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Emission } from "#compiler/ir/emission.js";
import type { Target } from "#compiler/ir/target.js";
import { inTemporaryFolder, readBytes, writeFile } from "../host.js";
import { readElf } from "../simulator/elf.js";
import { allTargets, loadTarget } from "../targets.js";
import { loadTemplates } from "../templates.js";
import { foreignCode } from "../toolchain/inspect.js";
import { findCompiler } from "../toolchain/cc.js";
import { run } from "../toolchain/process.js";
import { verifyInEmulator, verifyOnChip } from "../verify/on-chip.js";
import { buildFirmware } from "./build.js";
import { ch32funProject } from "./ch32fun.js";
import { findEmulator } from "./emulate.js";
import { addBytes, flashBytes, ramBytes, totalOf } from "./footprint.js";
import { makefile } from "./makefile.js";
import { consoleOf } from "./simulate.js";
import { memoryScript, memoryScriptPath } from "./sources.js";
import { smallFirmware } from "./testing/small-firmware.js";

const chips = allTargets().filter(({ chip }) => chip !== undefined);
const buildable = (target: Target): boolean => findCompiler(target) !== undefined;
const inSimulator = chips.filter(({ chip }) => chip?.timing !== undefined);
const inEmulator = chips.filter(({ chip }) => chip?.emulator !== undefined);
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const hasMake = run("make", ["--version"]) !== undefined;

describe.each(chips)("the firmware of $name", (target) => {
  test.skipIf(!buildable(target))("is measured to the byte", () => {
    const { linked, footprint, chip, stack } = buildFirmware(smallFirmware(target).ingredients);
    const bytes = totalOf(footprint.parts);
    expect(linked.bin.length).toBe(footprint.flash);
    expect(flashBytes(bytes)).toBe(footprint.flash);
    expect(ramBytes(bytes)).toBe(footprint.ram);
    expect(bytes).toEqual(addBytes(footprint.parts.map((part) => part.bytes)));
    const arena = footprint.parts.find(({ name }) => name === "buffers")!;
    expect(ramBytes(arena.bytes)).toBe(readElf(linked.elf).symbols.find(({ name }) => name === "arena")!.size);
    expect(footprint.flash).toBeLessThan(chip.flash.bytes);
    expect(stack.image.bytes).toBeGreaterThanOrEqual(stack.model.bytes);
    expect(stack.model.path[0]).toBe("net_infer");
  });

  test.skipIf(!buildable(target))("starts up in as many bytes as the target says, and the least program takes no more than it says", () => {
    const { footprint, chip } = buildFirmware(smallFirmware(target, { samples: 0 }).ingredients);
    const bytesOf = (group: string): number => flashBytes(totalOf(footprint.parts.filter((part) => part.group === group)));
    // Where the linker finds nearer ways to addresses, code is some bytes shorter.
    for (const [taken, said] of [
      [bytesOf("start-up"), chip.startUp],
      [bytesOf("demo"), chip.program],
    ] as const) {
      expect(taken).toBeLessThanOrEqual(said);
      expect(taken).toBeGreaterThan(said - 16);
    }
  });

  test.skipIf(!buildable(target))("has the tables of each step to the byte", () => {
    const { plan, footprint } = buildFirmware(smallFirmware(target).ingredients);
    const tables = (name: string) => footprint.parts.find((part) => part.name === name)!.bytes.constants;
    for (const step of plan.steps) {
      if (step.kind === "run" && step.cost.flash.weights > 0) expect(tables(step.name), step.name).toBe(step.cost.flash.weights);
    }
  });

  test.skipIf(!buildable(target) || !hasMake)("is the same every time, and from its Makefile", () => {
    const firmware = buildFirmware(smallFirmware(target).ingredients);
    expect(isSame(buildFirmware(smallFirmware(target).ingredients).linked.elf, firmware.linked.elf)).toBe(true);
    inTemporaryFolder((folder) => {
      for (const [path, text] of [...firmware.sources, ["Makefile", makefile(firmware, loadTemplates())] as const])
        writeFile(join(folder, path), text);
      expect(run("make", [], { cwd: folder })).toMatchObject({ status: 0, stderr: "" });
      expect(isSame(readBytes(join(folder, "net.elf")), firmware.linked.elf)).toBe(true);
      expect(isSame(readBytes(join(folder, "net.bin")), firmware.linked.bin)).toBe(true);
    });
  });
});

test.skipIf(!buildable(loadTarget("ch32v003")) || !hasMake)(
  "a firmware that somebody changes is linked with what compilers call, and room is held free for its stack",
  () => {
    const target = loadTarget("ch32v003");
    const firmware = buildFirmware(smallFirmware(target).ingredients);
    inTemporaryFolder((folder) => {
      const own = (bytes: number): string =>
        `#include <stdint.h>\nvolatile char large[${bytes}];\n` +
        "volatile int32_t gain = 3;\nstruct large { int8_t values[64]; };\nvolatile struct large kept;\nint32_t used(int32_t x) { struct large zero = {{0}}; kept = zero; return x * gain / 7 + large[0]; }\n";
      const write = (bytes: number): void => {
        for (const [path, text] of [
          ...firmware.sources,
          [memoryScriptPath, memoryScript(target, firmware.stack.image.bytes)],
          ["Makefile", makefile(firmware, loadTemplates())],
        ] as const)
          writeFile(
            join(folder, path),
            path === "firmware/main.c"
              ? `${own(bytes)}${text.replace("int main(void)\n{", "int main(void)\n{\n    if (used(7) == 4) return 1;")}`
              : text,
          );
      };
      write(1);
      expect(run("make", [], { cwd: folder })).toMatchObject({ status: 0 });
      const remade = (name: string): readonly string[] => {
        const later = new Date(Date.now() + 2000);
        utimesSync(join(folder, name), later, later);
        const commands = run("make", ["-n"], { cwd: folder })!.stdout.toString();
        return [...commands.matchAll(/-c (\S+)\.[cS] /g)].map(([, source]) => source!);
      };
      for (const changed of ["Makefile", "firmware/board.h"]) expect(remade(changed)).toContain("firmware/main");
      write(1700);
      const outcome = run("make", [], { cwd: folder })!;
      expect([outcome.status, outcome.stderr]).toEqual([
        2,
        expect.stringContaining("the stack that was measured does not fit above the data"),
      ]);
    });
  },
);

describe.each(inSimulator)("on the simulated $name", (target) => {
  test.skipIf(!buildable(target))("the demo starts, prints and answers as the model does", () => {
    const lines = consoleOf(buildFirmware(smallFirmware(target, { samples: 3 }).ingredients))
      .trimEnd()
      .split("\n");
    expect(lines[0]).toBe(`net on ${target.name}`);
    expect(lines.slice(1, 4)).toEqual(
      [0, 1, 2].map((sample) =>
        expect.stringMatching(new RegExp(`^sample ${sample}: label ${sample}, class \\d, \\d+ ticks, logits( -?\\d+){5}$`)),
      ),
    );
    expect(lines[4]).toBe("as the model: 3 of 3");
  });

  test.skipIf(!buildable(target))("the demo's ticks are the cycles that the simulation counts", () => {
    const { ingredients, subject } = smallFirmware(target, { samples: 1 });
    const firmware = buildFirmware(ingredients);
    const ticks = Number(/(\d+) ticks/.exec(consoleOf(firmware))![1]);
    const { simulation } = verifyOnChip({ ...subject, count: 1, inputs: subject.inputs.subarray(0, 64) }, firmware);
    expect(Math.abs(ticks - simulation.cycles[0]!)).toBeLessThan(50);
  });

  test.skipIf(!buildable(target))("every logit is the reference's, and the stack is never deeper than the call graph says", () => {
    const { ingredients, subject } = smallFirmware(target);
    const firmware = buildFirmware(ingredients);
    const { mismatches, simulation } = verifyOnChip(subject, firmware);
    expect(mismatches).toBe(0);
    expect(simulation.stack).toBeGreaterThan(0);
    expect(simulation.stack).toBeLessThanOrEqual(firmware.stack.model.bytes);
    const sum = simulation.steps.reduce((total, { cycles }) => total + cycles, 0);
    const mean = simulation.cycles.reduce((total, cycles) => total + cycles, 0) / subject.count;
    expect(sum).toBeCloseTo(mean, 6);
    expect(simulation.steps.filter(({ cycles }) => cycles === 0)).toEqual([]);
  });

  test.skipIf(!buildable(target))("a wrong table is found", () => {
    const { ingredients, subject } = smallFirmware(target);
    const wrong = new Map(
      [...ingredients.emission].map(([path, text]) => [
        path,
        text.replace(/(uint32_t \w+\[\d+\] = \{\s+0x)(.)/, (_, before: string, digit: string) => before + (digit === "0" ? "1" : "0")),
      ]),
    );
    expect(verifyOnChip(subject, buildFirmware({ ...ingredients, emission: wrong })).mismatches).toBeGreaterThan(0);
  });
});

/** The model with its first step in RAM, and a variable that start-up code has to copy. */
const inRam = (emission: Emission): Emission =>
  new Map(
    [...emission].map(([path, text]) => [
      path,
      text
        .replace(
          /FUNCTION void (dense1\w*)\(/,
          'static volatile int32_t copied = 1;\n\n__attribute__((section(".srodata.ramcode"))) FUNCTION void $1(',
        )
        .replace("int32_t *const sums = logits", "if (copied != 1) return -1;\n    int32_t *const sums = logits"),
    ]),
  );

describe("code in RAM", () => {
  const chip = loadTarget("ch32v006");
  test.skipIf(!buildable(chip))("is copied there, counts as RAM and as flash, and is faster", () => {
    const { ingredients, subject } = smallFirmware(chip);
    const before = verifyOnChip(subject, buildFirmware(ingredients)).simulation;
    const firmware = buildFirmware({ ...ingredients, emission: inRam(ingredients.emission) });
    const { mismatches, simulation } = verifyOnChip(subject, firmware);
    expect(mismatches).toBe(0);
    const dense1 = firmware.footprint.parts.find(({ name }) => name.startsWith("dense1"))!.bytes;
    expect(dense1.code).toBe(0);
    expect(dense1.ramCode).toBeGreaterThan(50);
    expect(flashBytes(totalOf(firmware.footprint.parts))).toBe(firmware.linked.bin.length);
    expect(ramBytes(totalOf(firmware.footprint.parts))).toBe(firmware.footprint.ram);
    expect(simulation.steps[0]!.cycles).toBeLessThan(0.9 * before.steps[0]!.cycles);
  });

  const arm = loadTarget("cortex_m0");
  test.skipIf(!buildable(arm) || findEmulator(arm) === undefined)("runs in the emulator, too", () => {
    const { subject } = smallFirmware(arm);
    expect(verifyInEmulator({ ...subject, emission: inRam(subject.emission) }, findEmulator(arm)!).mismatches).toBe(0);
  });
});

describe.each(inEmulator)("in the emulator of $name", (target) => {
  const emulator = findEmulator(target);
  test.skipIf(!buildable(target) || emulator === undefined)(
    "every logit is the reference's, with and without logits; a wrong table is found",
    () => {
      const { subject } = smallFirmware(target);
      expect(verifyInEmulator(subject, emulator!)).toMatchObject({ samples: subject.count, mismatches: 0 });
      const wrong = new Map(
        [...subject.emission].map(([path, text]) => [
          path,
          text.replace(/(uint32_t \w+\[\d+\] = \{\s+0x)(.)/, (_, before: string, digit: string) => before + (digit === "0" ? "1" : "0")),
        ]),
      );
      expect(verifyInEmulator({ ...subject, emission: wrong }, emulator!).mismatches).toBeGreaterThan(0);
    },
  );
});

describe("a ch32fun project", () => {
  /** What our files use of the SDK, with the rules that its Makefile has; before GCC 13 it compiles for cores that do not multiply. */
  const sdk = new Map([
    [
      "ch32fun.mk",
      ".RECIPEPREFIX = >\nbuild : $(TARGET).elf\n$(TARGET).elf : $(TARGET).c $(ADDITIONAL_C_FILES)\n> $(PREFIX)-gcc -Wall -Wextra -Werror -Os -march=rv32ec -mabi=ilp32e -ffreestanding -D$(TARGET_MCU)=1 -I$(CH32FUN) -I. $(EXTRA_CFLAGS) $^ -c\ncv_flash : build\ncv_clean :\n",
    ],
    [
      "ch32fun.h",
      '#include "funconfig.h"\n#include <stdint.h>\n#if !FUNCONF_SYSTICK_USE_HCLK || FUNCONF_SYSTEM_CORE_CLOCK != 48000000 || !(CH32V003 || CH32V002)\n#error set-up\n#endif\ntypedef struct { volatile uint32_t CTLR, SR, CNT; } SysTick_Type;\n#define SysTick ((SysTick_Type *)0xE000F000)\nvoid SystemInit(void);\nvoid Delay_Ms(int n);\n',
    ],
    ["stdio.h", "int putchar(int character);\n"],
  ]);

  test.skipIf(!buildable(loadTarget("ch32v003")) || !hasMake).each([
    ["ch32v003", 2],
    ["ch32v003", 0],
    ["ch32v002", 2],
  ] as const)("for the %s with %i samples compiles against what it uses of the SDK, without calls of its library", (name, samples) => {
    const chip = loadTarget(name);
    const compiler = findCompiler(chip)!;
    inTemporaryFolder((folder) => {
      for (const [path, text] of ch32funProject(smallFirmware(chip, { samples }).ingredients))
        writeFile(join(folder, "project", path), text);
      for (const [path, text] of sdk) writeFile(join(folder, "sdk", path), text);
      const outcome = run(
        "make",
        [`CH32FUN=${join(folder, "sdk")}`, `PREFIX=${compiler.command.replace(/-gcc$/, "")}`, "EXTRA_CFLAGS=-g"],
        { cwd: join(folder, "project") },
      );
      expect(outcome).toMatchObject({ status: 0, stderr: "" });
      expect(foreignCode(compiler, join(folder, "project", "net.o"), chip.multiplies)).toEqual([]);
    });
  });

  test("says so when the SDK does not have the chip", () => {
    const { ingredients } = smallFirmware(loadTarget("cortex_m0"));
    expect(() => ch32funProject(ingredients)).toThrow("ch32fun has no cortex_m0");
  });
});

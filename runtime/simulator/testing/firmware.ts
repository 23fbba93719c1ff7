import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Image, loadElf } from "../index.js";

const compiler = "riscv64-unknown-elf-gcc";
const source = (name: string): string => fileURLToPath(new URL(`firmware/${name}`, import.meta.url));

/** Whether the cross compiler is installed. */
export function canCompile(): boolean {
  try {
    execFileSync(compiler, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Builds the firmware in testing/firmware and reads it. */
export function buildFirmware(march = "rv32ec"): Image {
  const folder = mkdtempSync(join(tmpdir(), "bnmc-firmware-"));
  try {
    const output = join(folder, "firmware.elf");
    const flags = [`-march=${march}`, "-mabi=ilp32e", "-Os", "-ffreestanding", "-nostdlib", "-Wl,--no-warn-rwx-segments"];
    execFileSync(compiler, [...flags, "-T", source("link.ld"), source("start.S"), source("program.c"), "-lgcc", "-o", output]);
    return loadElf(readFileSync(output), output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

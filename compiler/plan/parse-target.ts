import { parseDocument } from "yaml";
import type { Checked } from "#grammar/diagnostic.js";
import type { SourceFile } from "#grammar/source.js";
import { type Chip, type Dialect, type Emulator, type Memory, type Power, type Target, type Timing, timingFields } from "../ir/target.js";
import { problem } from "./messages.js";
import {
  aCount,
  aFrequency,
  aListOfTexts,
  anAddress,
  aSize,
  aText,
  aTruth,
  aVoltage,
  checkFields,
  optional,
  type Path,
  present,
  required,
  type TargetFile,
} from "./target-file.js";

const known: Readonly<Record<string, readonly string[]>> = {
  "": ["summary", "core", "multiplies", "clock", "power", "memory", "compiler", "firmware", "timing", "emulator"],
  power: ["microamperesPerMegahertz", "millivolts", "source"],
  memory: ["flash", "ram"],
  "memory.flash": ["size", "address", "alias", "waitStates"],
  "memory.ram": ["size", "address", "alias", "waitStates"],
  compiler: ["names", "flags", "dialects", "install"],
  firmware: ["folder", "startUp", "program", "ch32fun"],
  timing: timingFields,
  emulator: ["command", "options", "install"],
};

/** Reads mcu/<name>/target.yaml; there is no target when something in it is wrong. */
export function parseTarget(name: string, source: SourceFile): Checked<Target | undefined> {
  const document = parseDocument(source.text);
  const syntax = document.errors.map(({ message, pos }) =>
    problem("malformed-target", { source, start: pos[0], end: pos[1] }, { message: message.split(/ at line|:?\n/)[0]! }),
  );
  if (syntax.length > 0) return { value: undefined, diagnostics: syntax };
  const file: TargetFile = { source, document, found: checkFields(source, document, known) };
  const target = readTarget(name, file);
  return file.found.length > 0 ? { value: undefined, diagnostics: file.found } : { value: target, diagnostics: [] };
}

/** Every field that is wrong is found; only then may the target be incomplete. */
function readTarget(name: string, file: TargetFile): Target {
  const summary = required(file, ["summary"], aText)!;
  const core = required(file, ["core"], aText)!;
  const multiplies = required(file, ["multiplies"], aTruth)!;
  const chip = present(file, ["memory"]) ? readChip(name, file) : undefined;
  const clockHz = optional(file, ["clock"], aFrequency);
  const power = present(file, ["power"]) ? readPower(file) : undefined;
  const compilers = required(file, ["compiler", "names"], aListOfTexts)!;
  const flags = required(file, ["compiler", "flags"], aListOfTexts)!;
  const dialects = present(file, ["compiler", "dialects"]) ? readDialects(file) : undefined;
  const install = required(file, ["compiler", "install"], aText)!;
  return {
    ...{ name, summary, core, multiplies },
    ...(chip === undefined ? {} : { memory: { flash: chip.flash.bytes, ram: chip.ram.bytes }, chip }),
    ...(clockHz === undefined ? {} : { clockHz }),
    ...(power === undefined ? {} : { power }),
    ...{ compilers, flags, install },
    ...(dialects === undefined ? {} : { dialects }),
  };
}

function readChip(name: string, file: TargetFile): Chip {
  const flash = readMemory(file, ["memory", "flash"]);
  const ram = readMemory(file, ["memory", "ram"]);
  const firmware = optional(file, ["firmware", "folder"], aText) ?? name;
  const startUp = required(file, ["firmware", "startUp"], aSize)!;
  const program = required(file, ["firmware", "program"], aSize)!;
  const ch32fun = optional(file, ["firmware", "ch32fun"], aText);
  const timing = present(file, ["timing"]) ? readTiming(file) : undefined;
  const emulator = present(file, ["emulator"]) ? readEmulator(file) : undefined;
  return {
    ...{ flash, ram, firmware, startUp, program },
    ...(timing === undefined ? {} : { timing }),
    ...(emulator === undefined ? {} : { emulator }),
    ...(ch32fun === undefined ? {} : { ch32fun }),
  };
}

function readPower(file: TargetFile): Power {
  const microamperesPerMegahertz = required(file, ["power", "microamperesPerMegahertz"], aCount)!;
  const millivolts = required(file, ["power", "millivolts"], aVoltage)!;
  const source = required(file, ["power", "source"], aText)!;
  return { microamperesPerMegahertz, millivolts, source };
}

function readMemory(file: TargetFile, path: Path): Memory {
  const bytes = required(file, [...path, "size"], aSize)!;
  const address = required(file, [...path, "address"], anAddress)!;
  const alias = optional(file, [...path, "alias"], anAddress);
  const waitStates = required(file, [...path, "waitStates"], aCount)!;
  return { bytes, address, ...(alias === undefined ? {} : { alias }), waitStates };
}

const readTiming = (file: TargetFile): Timing =>
  Object.fromEntries(timingFields.map((field) => [field, required(file, ["timing", field], aCount)!])) as Timing;

function readEmulator(file: TargetFile): Emulator {
  const command = required(file, ["emulator", "command"], aText)!;
  const options = required(file, ["emulator", "options"], aListOfTexts)!;
  const install = required(file, ["emulator", "install"], aText)!;
  return { command, options, install };
}

function readDialects(file: TargetFile): readonly Dialect[] {
  const expected = "a list of { since: a whole number, flags: a list of texts }";
  const isDialect = (value: unknown): value is Dialect => {
    const { since, flags, ...others } = Object(value) as Partial<Dialect>;
    return aCount.read(since) !== undefined && aListOfTexts.read(flags) !== undefined && Object.keys(others).length === 0;
  };
  const read = (value: unknown) => (Array.isArray(value) && value.length > 0 && value.every(isDialect) ? value : undefined);
  return required(file, ["compiler", "dialects"], { expected, read })!;
}

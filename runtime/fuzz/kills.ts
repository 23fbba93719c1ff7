import type { Emission } from "#compiler/ir/emission.js";
import type { Random } from "#compiler/random.js";
import { type Case, emissionOf, referenceRows, runOnHost, sanitizers } from "../verify/testing/host-program.js";

/** Whether a mistake that was made on purpose was noticed; "stillborn" where it does not compile. */
export interface Kill {
  readonly mutation: string;
  readonly outcome: "killed" | "survived" | "stillborn";
}

const swaps: readonly (readonly [string, string])[] = [
  [" + ", " - "],
  [" - ", " + "],
  [" += ", " -= "],
  [" << ", " >> "],
  [" >> ", " << "],
  [" & ", " | "],
  [" < ", " <= "],
  [" > ", " >= "],
  [" = 0;", " = 1;"],
];

/** Seconds until a program that does not come to its end counts as noticed. */
const patience = 5;

/** Makes one mistake in the emitted C of a case, in a constant or in an operation, and compares as if nothing had been done. */
export function killOf(one: Case, draw: Random): Kill {
  const { emission, mutation } = mutated(emissionOf(one), draw);
  try {
    const { answers } = runOnHost([one], ["-O1", "-w", ...sanitizers], patience, () => emission);
    const same = String(answers.get(one.plan.network.name)) === String(referenceRows(one));
    return { mutation, outcome: same ? "survived" : "killed" };
  } catch {
    return { mutation, outcome: "stillborn" };
  }
}

function mutated(emission: Emission, draw: Random): { readonly emission: Emission; readonly mutation: string } {
  const path = [...emission.keys()].find((name) => name.endsWith(".c"))!;
  const lines = emission.get(path)!.split("\n");
  const places = compiledLines(lines).flatMap((line) => placesIn(lines[line]!).map((place) => ({ line, ...place })));
  const { line, before, after, at } = places[draw.below(places.length)]!;
  const text = lines[line]!;
  lines[line] = text.slice(0, at) + after(draw) + text.slice(at + before.length);
  return { emission: new Map([...emission, [path, lines.join("\n")]]), mutation: `${text.trim()} → ${lines[line].trim()}` };
}

/** What a compiler for this machine sees: no comments, and not what is only for RISC-V. */
function compiledLines(lines: readonly string[]): readonly number[] {
  const open: ("chip" | "other")[] = [];
  let comment = false;
  return lines.flatMap((text, line): readonly number[] => {
    if (text.startsWith("#if")) open.push(/__riscv|__GNUC__|__arm__/.test(text) && !text.includes("#ifndef") ? "chip" : "other");
    else if (text.startsWith("#else")) open[open.length - 1] = open.at(-1) === "chip" ? "other" : "chip";
    else if (text.startsWith("#endif")) open.pop();
    const inComment = comment || text.trimStart().startsWith("/*");
    comment = inComment && !text.includes("*/");
    return text.startsWith("#") || inComment || open.includes("chip") || /"|FUNCTION|__/.test(text) ? [] : [line];
  });
}

interface Place {
  readonly at: number;
  readonly before: string;
  readonly after: (draw: Random) => string;
}

function placesIn(text: string): readonly Place[] {
  // Lines of tables hold nothing but numbers.
  if (/^\s*(-?(0x[0-9A-F]+u?|\d+u?),?\s*)+(\};)?$/.test(text)) {
    return [...text.matchAll(/0x[0-9A-F]+|\d+/g)].map(({ index, 0: before }) => ({
      at: index,
      before,
      after: (draw) => flipped(before, draw),
    }));
  }
  return swaps.flatMap(([before, swapped]) => (text.includes(before) ? [{ at: text.indexOf(before), before, after: () => swapped }] : []));
}

/** A number with one of its bits changed. */
function flipped(number: string, draw: Random): string {
  const digits = number.startsWith("0x") ? number.length - 2 : 0;
  const bits = digits > 0 ? 4 * digits : Math.max(1, Number(number).toString(2).length);
  const value = (Number(number) ^ (1 << draw.below(bits))) >>> 0;
  return digits > 0 ? `0x${value.toString(16).toUpperCase().padStart(digits, "0")}` : String(value);
}

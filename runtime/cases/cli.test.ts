import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../host.js";
import { loadTarget } from "../targets.js";
import { findCompiler } from "../toolchain/cc.js";

/**
 * Transcripts of the command line as users meet it: each `$ bnmc …` is run in a fresh folder that has models/ and
 * files/ in it, and what it prints is compared with what stands below it. UPDATE=1 writes it anew. They run the built
 * program; `npm test` builds it first.
 */
const folder = join(packageRoot, "runtime/cases/cli");
const transcripts = readdirSync(folder).filter((file) => file.endsWith(".txt"));
let workFolder = "";

beforeAll(() => {
  workFolder = mkdtempSync(join(tmpdir(), "bnmc-cli-"));
});

afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

/** No colours, no data on this machine, no way to the internet. */
const environment = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: home,
  XDG_CACHE_HOME: join(home, "cache"),
  NO_COLOR: "1",
  BNMC_MIRROR: "http://127.0.0.1:65431",
});

function run(line: string, cwd: string): string {
  const words = line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));
  const settings = words
    .splice(0, words.indexOf("bnmc") + 1)
    .slice(0, -1)
    .map((setting) => setting.split("="));
  const program = join(packageRoot, "dist/runtime/cli/main.js");
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...words], {
    cwd,
    env: { ...environment(cwd), ...Object.fromEntries(settings) },
    encoding: "utf8",
  });
  const shown = [`$ ${line}`, stdout.trimEnd(), ...(stderr === "" ? [] : [stderr.trimEnd().replaceAll(/^/gm, "! ")]), `exit ${status}`];
  return shown.filter((part) => part !== "").join("\n");
}

/** What differs from run to run and from machine to machine. */
const steady = (text: string, cwd: string): string =>
  text
    .replaceAll(cwd, "DIR")
    .replaceAll(/\d+\.\d+ s\b/g, "T s")
    .replaceAll(/(loss|training|integers|measured|floats;?) \d+\.\d+%?/g, "$1 N")
    .replaceAll(/~\d+(\.\d+)?[kM]? cycles/g, "~N cycles")
    .replaceAll(/\d+\.\d+% (of the test set|with|of \d+)/g, "N% $1")
    .replaceAll(/\d\d\.\d\d%(?= {2}[\d.]+ (B|KiB) )/g, "NN.NN%")
    .replaceAll(/samples, [\dTmin. ]+ s;/g, "samples, T s;")
    .replaceAll(/about [\dThmin. ]+(s|min) left/g, "about T left")
    .replaceAll(/\((T s|[\w-]+gcc|cc|gcc|clang)[^()]*(\([^()]*\))?[^()]*\)/g, "(COMPILER)")
    .replaceAll(/built with [\w-]+gcc .*/g, "built with COMPILER")
    .replaceAll(/, cc [^,]*(\([^()]*\))?[^,]*, T s/g, ", COMPILER, T s");

/** Without what a compiler of another version makes another number of: sizes and cycles. */
function unmeasured(text: string): string {
  const [command, ...lines] = text.split("\n");
  if (/^\$ .*bnmc verify /.test(command!)) return text.replaceAll(/\d+(\.\d+)? (KiB|B|ms)\b/g, "N $2");
  // Code and stack are measured where there is a compiler, and estimated elsewhere.
  if (/^\$ .*bnmc emit-c /.test(command!)) return text.replaceAll(/(flash|RAM) (about )?\d+(\.\d+)? (KiB|B)\b/g, "$1 N");
  if (!/^\$ .*bnmc (build|sim|tune) /.test(command!)) return text;
  const steadyLine = /^(exit|sample|as the model|! )|mismatches in/;
  const plain = lines.map((line) => {
    if (/^! error\[/.test(line) || !steadyLine.test(line) || /note:|saves|samples do not fit|--samples|measured/.test(line))
      return masked(line);
    return line.replace(/\d+ ticks/, "N ticks");
  });
  return [command, ...plain].join("\n");
}

const masked = (line: string): string =>
  line
    .replaceAll(/(?<![\w.\/-])-?(0x[0-9a-f]+|\d[\d,]*(\.\d+)?)(?![\w-])/g, "N")
    .replaceAll(/[▏▎▍▌▋▊▉█]+( *▏)?/g, "█")
    .replaceAll(/(?<=\S) {2,}/g, "  ");

/** `# Needs a compiler for ch32v003.` */
function lacksCompiler(file: string): boolean {
  const target = /^# Needs a compiler for (\w+)\.$/m.exec(readFileSync(join(folder, file), "utf8"))?.[1];
  return target !== undefined && findCompiler(loadTarget(target)) === undefined;
}

describe.each(transcripts)("%s", (file) =>
  test.skipIf(lacksCompiler(file))("prints what it printed", async () => {
    const cwd = join(workFolder, file);
    cpSync(join(packageRoot, "models"), join(cwd, "models"), { recursive: true });
    cpSync(join(folder, "files"), join(cwd, "files"), { recursive: true });
    const written = readFileSync(join(folder, file), "utf8");
    const title = written.split("\n").filter((line) => line.startsWith("#"));
    const commands = [...written.matchAll(/^\$ ((?:\w+=\S* )*bnmc .*)$/gm)].map(([, line]) => line!);
    expect(commands.length).toBeGreaterThan(0);
    const transcript = [...title, ...commands.map((line) => run(line, cwd))].map((part) => `${unmeasured(steady(part, cwd))}\n`).join("\n");
    expect(transcript).not.toMatch(/^! +at /m);
    await expect(transcript).toMatchFileSnapshot(join(folder, file));
  }),
);

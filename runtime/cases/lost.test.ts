import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packageRoot } from "../host.js";

/** Nothing that a user has is lost, by the built program; `npm test` builds it first. */

const model = (epochs: number): string => `
dataset drawn { samples: digits(train: 60, test: 20) -> resize(8, 8) augment: shift(10%) }
model net { weights: 4bitsym input i8[8, 8] -> flatten -> dense(8) -> relu -> dense(10) }
train net on drawn { epochs: ${epochs} batch: 4 rate: cosine(from: 0.005, to: 0) }
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bnmc-lost-"));
  writeFileSync(join(folder, "net.bnm"), model(3));
  writeFileSync(join(folder, "long.bnm"), model(3000));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(
  words: readonly string[],
  stdio: readonly ("ignore" | "pipe" | number)[] = ["ignore", "pipe", "pipe"],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [join(packageRoot, "dist/runtime/cli/main.js"), ...words], {
    cwd: folder,
    stdio: [...stdio],
    env: { ...process.env, ...environment },
  });
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly said: string }> {
  let said = "";
  child.stdout?.resume();
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

const run = (...words: readonly string[]) => ended(start(words));
const bytes = (file: string): Buffer => readFileSync(join(folder, file));

/** Waits until a training has written its first checkpoint. */
async function underWay(child: ChildProcess): Promise<void> {
  while (!existsSync(join(folder, "runs/net/checkpoint.safetensors"))) {
    if (child.exitCode !== null) throw new Error("the training ended before its first checkpoint");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a run folder has one owner: a second training is refused, and the first one goes on undisturbed", async () => {
  const first = start(["train", "long.bnm"]);
  const end = ended(first);
  await underWay(first);
  const before = bytes("runs/net/metrics.jsonl").length;
  const second = await run("train", "long.bnm", "--seed", "2");
  expect(second.code).toBe(3);
  expect(second.said).toContain(`another training is at work in ${join("runs", "net")}: process ${first.pid}`);
  expect(existsSync(join(folder, "runs/net.1"))).toBe(false);
  first.kill("SIGTERM");
  const { code, said } = await end;
  expect([code, said]).toEqual([130, expect.stringContaining("--resume")]);
  expect(existsSync(join(folder, "runs/net.lock"))).toBe(false);
  const seeds = bytes("runs/net/metrics.jsonl")
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly epoch: number }).epoch);
  expect(seeds.length).toBeGreaterThanOrEqual(before > 0 ? 1 : 0);
  expect(seeds).toEqual(seeds.map((_, i) => i + 1));
});

test.each(["SIGHUP", "SIGTERM"] as const)("%s saves a training as Ctrl-C does", async (signal) => {
  const child = start(["train", "long.bnm"]);
  const end = ended(child);
  await underWay(child);
  child.kill(signal);
  expect(await end).toMatchObject({ code: 130, said: expect.stringContaining("to go on:") as string });
});

test.each([
  [["eval", "net.bnm", "--logits", ""], "--logits is empty"],
  [["check", "net.bnm", ""], "an argument is empty"],
  [["train", "net.bnm", "--seed", "99999999999999999999"], "It must be at most 9007199254740991"],
] as const)("words that can only be a mistake are refused before any work: %j", async (words, message) => {
  expect(await run(...words)).toEqual({ code: 2, said: expect.stringContaining(message) as string });
});

test("names in data steer no terminal, and break no line of a report", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 4},${i % 2},"${["up\u001b[2J\u001b[31m", "down\nwards"][i % 2]!}"`);
  writeFileSync(join(folder, "signs.csv"), `x,y\u001b[2J,class\n${rows.join("\n")}\n`);
  writeFileSync(
    join(folder, "signs.bnm"),
    `
dataset recorded { samples: csv("signs.csv", label: "class") -> split(test: 50%) }
model signs { weights: 4bitsym input i8[2] -> dense(4) -> relu -> dense(2) }
train signs on recorded { epochs: 1 rate: cosine(from: 0.005, to: 0) }
`,
  );
  const training = await run("train", "signs.bnm");
  const child = start(["eval", "signs.bnm"]);
  let printed = "";
  child.stdout!.on("data", (text: Buffer) => (printed += text.toString()));
  const evaluation = await ended(child);
  for (const text of [training.said, evaluation.said, printed]) expect(text).not.toContain("\u001b");
  expect(training.said).toContain("readings: x, y\\u001b[2J");
  expect(printed).toMatch(/^ *down wards .*\n *up\\u001b\[2J\\u001b\[31m /m);
});

describe("an output is never one of the inputs", () => {
  test.each([
    ["train", ["train", "net.bnm", "--out", "net.bnm"]],
    ["eval", ["eval", "net.bnm", "--logits", "net.safetensors"]],
    ["export", ["export", "net.bnm", "--onnx", "--out", "./net.bnm"]],
    ["import", ["import", "net.bnm", "--from", "net.safetensors", "--out", "./net.safetensors"]],
  ] as const)("of bnmc %s", async (_, words) => {
    await run("train", "net.bnm");
    const before = ["net.bnm", "net.safetensors"].map(bytes);
    const { code, said } = await run(...words);
    expect([code, said]).toEqual([2, expect.stringContaining("is read by this command, and would be replaced by what it writes")]);
    expect(["net.bnm", "net.safetensors"].map(bytes)).toEqual(before);
  });
});

test("generated files that somebody changed are kept when they are written anew", async () => {
  await run("train", "net.bnm");
  const emit = () => run("emit-c", "net.bnm", "--target", "host", "--out", "c");
  expect((await emit()).said).not.toContain("replaced");
  const edited = Buffer.concat([bytes("c/net.c"), Buffer.from("/* mine */\n")]);
  writeFileSync(join(folder, "c/net.c"), edited);
  expect((await emit()).said).toContain(`${join("c", "net.c")} was not as bnmc wrote it: it is now ${join("c", "net.c.replaced")}`);
  expect(bytes("c/net.c.replaced")).toEqual(edited);
  await run("train", "net.bnm", "--seed", "2");
  expect((await emit()).said).not.toContain("not as bnmc wrote it");
});

test("weights that one training after the other replaces stay in the folders of their runs", async () => {
  await run("train", "net.bnm");
  const first = bytes("net.safetensors");
  await run("train", "net.bnm", "--seed", "2");
  expect(bytes("runs/net/replaced.safetensors")).toEqual(first);
});

describe("streams that close", () => {
  test("a training whose stderr is closed goes on to its weights", async () => {
    const child = start(["train", "net.bnm"]);
    child.stderr!.once("data", () => child.stderr!.destroy());
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    expect(existsSync(join(folder, "net.safetensors"))).toBe(true);
  });

  test.skipIf(!existsSync("/dev/full"))("a full disk behind stdout is said", async () => {
    const full = openSync("/dev/full", "w");
    const { code, said } = await ended(start(["formats"], ["ignore", full, "pipe"]));
    closeSync(full);
    expect([code, said]).toEqual([3, expect.stringContaining("cannot write to standard output: the disk is full")]);
  });
});

test("a temporary folder that is not there is named, with the way to another one", async () => {
  await run("train", "net.bnm");
  const { code, said } = await ended(start(["verify", "net.bnm", "--target", "host"], undefined, { TMPDIR: join(folder, "nowhere") }));
  expect([code, said]).toEqual([
    3,
    expect.stringMatching(/cannot make a temporary folder in .*nowhere: there is no such file or folder\n.*TMPDIR/),
  ]);
});

test("text that is not UTF-8 is never written back", async () => {
  const latin1 = Buffer.from(`/// gr\u00f6\u00dfe\n${model(3)}`, "latin1");
  writeFileSync(join(folder, "old.bnm"), latin1);
  const { code, said } = await run("fmt", "old.bnm");
  expect([code, said]).toEqual([3, expect.stringContaining("line 1 is not UTF-8: it would be `/// größe` in Windows-1252")]);
  expect(bytes("old.bnm")).toEqual(latin1);
  mkdirSync(join(folder, "wide"));
  writeFileSync(join(folder, "wide/net.bnm"), Buffer.from(`\uFEFF${model(3)}`, "utf16le"));
  expect(await run("check", "wide/net.bnm")).toMatchObject({ code: 0 });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../host.js";
import { takeLock } from "../lock.js";

/** Whole sweeps by the built program, with processes that are interrupted and killed; `npm test` builds it first. */

const model = `
param width = 8

dataset drawn {
  samples: digits(train: 400, test: 100) -> resize(8, 8)
}

model tiny {
  weights: 4bitsym

  input i8[8, 8]
  -> flatten
  -> dense(width) -> relu
  -> dense(10)
}

train tiny on drawn {
  epochs: 40
  batch:  4
  rate:   cosine(from: 0.005, to: 0)
}

deploy tiny to ch32v003 {
  require flash <= 3 KiB
}
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bnmc-sweep-"));
  writeFileSync(join(folder, "tiny.bnm"), model);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `bnmc sweep`; `watch` may act on what was said so far. */
async function sweep(words: readonly string[], watch: (child: ChildProcess, said: string) => void = () => undefined): Promise<Ended> {
  const program = join(packageRoot, "dist/runtime/cli/main.js");
  const child = spawn(process.execPath, [program, "sweep", "tiny.bnm", ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => watch(child, (stderr += text.toString())));
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout, stderr };
}

const weightsIn = (runs: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(folder, runs))
      .filter((name) => !name.endsWith(".sweep"))
      .map((name) => [name, readFileSync(join(folder, runs, name, "weights.safetensors")).toString("base64")]),
  );

interface Data {
  readonly variants: readonly {
    readonly values: Readonly<Record<string, string>>;
    readonly runs: readonly unknown[];
    readonly accuracy: { readonly mean: number };
  }[];
  readonly unfinished: readonly { readonly values: Readonly<Record<string, string>>; readonly kind: string; readonly message?: string }[];
  readonly unfit: readonly { readonly values: Readonly<Record<string, string>>; readonly reasons: readonly string[] }[];
}

/** Once `sign` was said, waits until one of the variants has a checkpoint, and acts. */
function onceSaved(sign: RegExp, runs: string, act: (child: ChildProcess) => void): (child: ChildProcess, said: string) => void {
  let waiting = true;
  return (child, said) => {
    if (!waiting || !sign.test(said)) return;
    waiting = false;
    const timer = setInterval(() => {
      const saved =
        existsSync(join(folder, runs)) &&
        readdirSync(join(folder, runs)).some((name) => existsSync(join(folder, runs, name, "checkpoint.safetensors")));
      if (!saved) return;
      clearInterval(timer);
      act(child);
    }, 20);
  };
}

const grid = ["--sweep", "width=8,12", "--sweep", "weights=2bitsym,8bit", "--jobs", "2"];

describe("a sweep", () => {
  test("has a folder for its runs to itself, unless the process that had it is gone", async () => {
    const lock = join(folder, "shared", "tiny.sweep.lock");
    mkdirSync(join(folder, "shared"));
    writeFileSync(lock, JSON.stringify({ process: process.pid, host: hostname() }));
    const refused = await sweep([...grid, "--runs", "shared"]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`error: another sweep of tiny is at work in shared: process ${process.pid}\n`);
    expect(readdirSync(join(folder, "shared"))).toEqual(["tiny.sweep.lock"]);

    // The largest number of a process is far below.
    writeFileSync(lock, JSON.stringify({ process: 99999999, host: hostname() }));
    expect(takeLock(lock)).toHaveProperty("release");
    expect(takeLock(lock)).toEqual({ heldBy: `process ${process.pid}` });
  });

  test("that was interrupted, and then killed, goes on to the same weights as one that was not", async () => {
    const whole = await sweep([...grid, "--runs", "whole", "--json"]);
    expect(whole.code, whole.stderr).toBe(0);

    const stopped = await sweep(
      [...grid, "--runs", "parts"],
      onceSaved(/begins/, "parts", (child) => child.kill("SIGINT")),
    );
    expect(stopped.code, stopped.stderr).toBe(130);
    expect(stopped.stderr).toContain("to go on: bnmc sweep tiny.bnm --sweep width=8,12 --sweep weights=2bitsym,8bit --jobs 2 --runs parts");

    const killed = await sweep(
      [...grid, "--runs", "parts"],
      onceSaved(/begins|goes on/, "parts", (child) => child.kill("SIGKILL")),
    );
    expect(killed.code).toBe(null);

    const rest = await sweep([...grid, "--runs", "parts", "--json"]);
    expect(rest.code, rest.stderr).toBe(0);
    expect(killed.stderr + rest.stderr).toContain(": goes on\n");
    expect(weightsIn("parts")).toEqual(weightsIn("whole"));
    expect(Object.keys(weightsIn("whole"))).toHaveLength(4);
    expect(JSON.parse(rest.stdout)).toEqual(JSON.parse(whole.stdout));
  });

  test("that is finished trains nothing again and writes the same files", async () => {
    const files = (): readonly string[] =>
      readdirSync(join(folder, "whole/tiny.sweep")).map((name) => readFileSync(join(folder, "whole/tiny.sweep", name), "utf8"));
    const again = await sweep([...grid, "--runs", "whole", "--json"]);
    const before = files();
    const third = await sweep([...grid, "--runs", "whole", "--json"]);
    expect(third.stderr).toBe(again.stderr);
    expect(third.stderr).toContain("4 variants, 4 of them finished before\n");
    expect(files()).toEqual(before);
  });

  test("whose model has changed trains anew, and sets aside what was there", async () => {
    const changed = await sweep(["--sweep", "width=8", "--sweep", "weights=2bitsym", "--set", "epochs=1", "--runs", "changed"]);
    expect(changed.code, changed.stderr).toBe(0);
    writeFileSync(join(folder, "tiny.bnm"), model.replace("batch:  4", "batch:  8"));
    const anew = await sweep(["--sweep", "width=8", "--sweep", "weights=2bitsym", "--set", "epochs=1", "--runs", "changed"]);
    writeFileSync(join(folder, "tiny.bnm"), model);
    expect(anew.stderr).toContain(
      "width=8 weights=2bitsym: the run before this one is now changed/tiny.epochs=1.width=8.weights=2bitsym.1\n",
    );
    expect(anew.stderr).toContain("1 variants, 0 of them finished before");
  });

  test("goes on when a variant fails, leaves out what does not fit, and says so", async () => {
    const wild = `rate=cosine(from: 1${"0".repeat(38)}, to: 0),cosine(from: 0.005, to: 0)`;
    const told = [
      "--sweep",
      wild,
      "--sweep",
      "width=8,80",
      "--set",
      "norm=none",
      "--set",
      "weights=ternary",
      "--set",
      "epochs=2",
      "--runs",
      "wild",
      "--json",
    ];
    const ended = await sweep(told);
    const data = JSON.parse(ended.stdout) as Data;
    expect(ended.code, ended.stderr).toBe(1);
    expect(data.variants.map(({ values }) => values["width"])).toEqual(["8", "80"]);
    expect(data.unfinished).toHaveLength(2);
    expect(data.unfinished[0]).toMatchObject({ kind: "failed", message: expect.stringContaining("diverged") as string });
    expect(ended.stderr).toMatch(/failed: rate=cosine\(from: 10+, to: 0\) width=8: the training diverged/);
    const big = await sweep(["--sweep", "width=8,80", "--set", "epochs=1", "--runs", "big", "--json"]);
    expect(big.code, big.stderr).toBe(0);
    expect((JSON.parse(big.stdout) as Data).unfit).toEqual([
      { values: { width: "80" }, reasons: [expect.stringMatching(/^tiny needs 3.\d KiB of flash on ch32v003; the budget is 3 KiB$/)] },
    ]);
    expect(existsSync(join(folder, "big/tiny.epochs=1.width=80"))).toBe(false);
  });

  test("over seeds gives mean and spread", async () => {
    const { stdout } = await sweep(["--sweep", "seed=1,2,3", "--set", "epochs=2", "--runs", "seeds", "--json"]);
    const [row] = (
      JSON.parse(stdout) as {
        readonly variants: readonly {
          readonly values: object;
          readonly runs: readonly { readonly accuracy: number }[];
          readonly accuracy: Readonly<Record<string, number>>;
        }[];
      }
    ).variants;
    const accuracies = row!.runs.map(({ accuracy }) => accuracy);
    expect(accuracies).toHaveLength(3);
    expect(row!.accuracy).toMatchObject({ low: Math.min(...accuracies), high: Math.max(...accuracies) });
    expect(row!.accuracy["mean"]).toBeCloseTo(accuracies.reduce((sum, each) => sum + each, 0) / 3);
  });

  test("of a dataset with validation data is judged by that", async () => {
    writeFileSync(join(folder, "tiny.bnm"), model.replace("-> resize", "-> split(validate: 25%) -> resize"));
    const { stdout } = await sweep(["--sweep", "width=8", "--set", "epochs=1", "--runs", "validated"]);
    writeFileSync(join(folder, "tiny.bnm"), model);
    expect(stdout).toContain("accuracy of the integer model on 100 validation samples\n");
  });
});

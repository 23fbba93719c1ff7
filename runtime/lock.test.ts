import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inTemporaryFolder, packageRoot, writeFile } from "./host.js";
import { takeLock } from "./lock.js";

/** Beyond the largest number of a process on Linux, 2^22. */
const ended = 4194305;

test("a lock is held by one process; one that has ended, or wrote half a file, holds none", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "runs/net.lock");
    const lock = takeLock(path);
    expect(takeLock(path)).toEqual({ heldBy: `process ${process.pid}` });
    if ("release" in lock) lock.release();
    expect(existsSync(path)).toBe(false);
    for (const left of [JSON.stringify({ process: ended, host: hostname() }), "", "{"]) {
      writeFile(path, left);
      const again = takeLock(path);
      expect(again).toHaveProperty("release");
      if ("release" in again) again.release();
    }
    expect(readdirSync(join(folder, "runs"))).toEqual([]);
  }));

test("a file in the place of the folder is named as what is in the way", () =>
  inTemporaryFolder((folder) => {
    writeFile(join(folder, "runs"), "");
    expect(() => takeLock(join(folder, "runs/net.lock"))).toThrow(/^cannot write .*net.lock: part of the path is not a folder$/);
  }));

test.runIf(existsSync("/proc/self/stat"))("a process that has ended but was not waited for holds no lock", async () => {
  // The shell becomes a program that does not wait for the child of the shell.
  const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const id = Number(said.toString());
    await vi.waitUntil(() => readFileSync(`/proc/${id}/stat`, "utf8").includes(") Z "), 10_000);
    inTemporaryFolder((folder) => {
      const path = join(folder, "net.lock");
      writeFile(path, JSON.stringify({ process: id, host: hostname() }));
      expect(takeLock(path)).toHaveProperty("release");
    });
  } finally {
    parent.kill();
  }
});

test("another machine's lock holds, whatever runs here; one from before this machine started does not", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "net.lock");
    writeFile(path, JSON.stringify({ process: ended, host: "another" }));
    expect(takeLock(path)).toEqual({ heldBy: `process ${ended} on another` });
    writeFile(path, JSON.stringify({ process: process.pid, host: hostname() }));
    utimesSync(path, 1, 1);
    expect(takeLock(path)).toHaveProperty("release");
  }));

test("of many processes that meet a stale lock at once, one takes it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bnmc-lock-"));
  const path = join(folder, "net.lock");
  writeFile(path, JSON.stringify({ process: ended, host: hostname() }));
  const children = Array.from({ length: 6 }, () =>
    fork(join(packageRoot, "runtime/testing/take-lock.ts"), [path], { execArgv: ["--import", "tsx", "--conditions=source"] }),
  );
  try {
    await Promise.all(children.map((child) => once(child, "message")));
    const answers = Promise.all(children.map(async (child) => ((await once(child, "message")) as [boolean])[0]));
    for (const child of children) child.send("go");
    expect((await answers).filter((held) => held)).toHaveLength(1);
  } finally {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

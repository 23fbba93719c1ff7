import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DataError } from "#compiler/catalog/data-error.js";
import { program } from "../cli/program.js";
import { Rejected } from "../cli/project.js";
import { Failure } from "../failure.js";
import { packageRoot } from "../host.js";

/** Every command on every broken model of the case folders: refused with a message, never with a stack trace. */

const errors = join(packageRoot, "compiler/cases/errors");
const recovered = join(packageRoot, "grammar/cases/recover");
const broken = [errors, recovered].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".bnm"))
    .map((name) => join(folder, name)),
);

const views = ["ast", "module", "network", "settings", "plan"].map((view) => ["check", "--show", view]);
const commands: readonly (readonly string[])[] = [
  ["check"],
  ["check", "--json"],
  ...views,
  ["fmt", "--check"],
  ["eval", "--json"],
  ["emit-c", "--target", "host"],
  ["emit-c", "--target", "ch32v003"],
  ["verify", "--target", "host", "--json"],
  ["build", "--target", "ch32v003", "--json"],
  ["sim", "--target", "ch32v003", "--json"],
  ["tune", "--target", "ch32v003", "--json"],
  ["export", "--onnx"],
  ["import", "--from", "nowhere.pth"],
  ["sweep", "--sweep", "width=1,2"],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bnmc-broken-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command line throws; undefined when it succeeds. */
async function thrown(words: readonly string[]): Promise<unknown> {
  const silence = [vi.spyOn(process.stdout, "write").mockReturnValue(true), vi.spyOn(process.stderr, "write").mockReturnValue(true)];
  try {
    await program().parseAsync(["node", "bnmc", ...words]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    for (const spy of silence) spy.mockRestore();
  }
}

const isSaid = (error: unknown): boolean =>
  error === undefined || [Rejected, Failure, DataError, CommanderError].some((kind) => error instanceof kind);

test.each(commands.map((words) => [words.join(" "), words] as const))("bnmc %s", async (_, [command, ...options]) => {
  expect(broken.length).toBeGreaterThan(100);
  let refused = 0;
  for (const path of broken) {
    const copy = join(folder, "case.bnm");
    writeFileSync(copy, readFileSync(path));
    const error = await thrown([command!, copy, ...options, ...(command === "sweep" ? ["--runs", join(folder, "runs")] : [])]);
    expect(isSaid(error) ? "said" : `${path}: ${(error as Error).stack}`).toBe("said");
    if (error !== undefined) refused++;
  }
  expect(refused).toBeGreaterThan(30);
});

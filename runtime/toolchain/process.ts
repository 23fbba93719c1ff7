import { spawnSync } from "node:child_process";
import { Failure } from "../failure.js";

export interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const generous = 2 ** 30;

export interface Surroundings {
  /** What it reads from stdin. */
  readonly input?: Uint8Array;
  /** Where it runs; here by default. */
  readonly cwd?: string;
  /** When it is stopped at the latest. */
  readonly seconds?: number;
}

/** Runs a program to its end; undefined when there is no such program. */
export function run(command: string, told: readonly string[], { seconds, ...surroundings }: Surroundings = {}): Outcome | undefined {
  const timeout = seconds === undefined ? {} : { timeout: 1000 * seconds };
  const { status, stdout, stderr, error, signal } = spawnSync(command, told, { maxBuffer: generous, ...timeout, ...surroundings });
  if (error !== undefined && "code" in error && (error.code === "ENOENT" || error.code === "EACCES")) return undefined;
  if (error !== undefined) throw new Failure(`cannot run ${command}: ${error.message}`, "check the machine's memory and process limits");
  return { status: status ?? 128, stdout, stderr: signal === null ? stderr.toString() : `${stderr.toString()}stopped by ${signal}` };
}

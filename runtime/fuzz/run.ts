/**
 * Random networks in every way that there is of running them, for as long as one likes; what differs from the reference is written as a
 * small model, and the exit code is 1.
 * Run: npm run fuzz -- --minutes 60 [--seed N] [--trials N] [--jobs N] [--out FOLDER] [--json]
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { exitCodes, Failure } from "../failure.js";
import { writeFile } from "../host.js";
import { bodyOf } from "./body.js";
import { type Finding, modelOf, type Outcome, outcomeOf } from "./findings.js";
import { recipes } from "./recipe.js";
import { createTally, type Tally, totalsText } from "./totals.js";
import type { Effort } from "./trial.js";

const effort: Effort = { plans: 6, onChip: 2, texts: 20, kill: true };

/** Milliseconds between lines of progress. */
const pace = 10_000;

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    trials: { type: "string", default: "Infinity" },
    jobs: { type: "string", default: "1" },
    out: { type: "string", default: "fuzz-findings" },
    json: { type: "boolean", default: false },
  },
});

/** An outcome on its way to this process, where no map survives. */
interface Message {
  readonly seed: number;
  readonly outcome: Omit<Outcome, "trial"> & {
    readonly trial?: Omit<NonNullable<Outcome["trial"]>, "forced"> & { readonly forced: readonly (readonly [string, number])[] };
  };
}

if (process.send === undefined) await manage();
else process.on("message", (seed: number) => void answer(seed));

async function answer(seed: number): Promise<void> {
  const { trial, ...outcome } = await outcomeOf(seed, effort);
  const message: Message = {
    seed,
    outcome: { ...outcome, ...(trial === undefined ? {} : { trial: { ...trial, forced: [...trial.forced] } }) },
  };
  process.send!(message);
}

/** Hands seeds to processes of their own: what brings one down is a finding, too. */
async function manage(): Promise<void> {
  const [minutes, first, trials, jobs] = [numberOf("minutes"), numberOf("seed"), numberOf("trials"), numberOf("jobs")];
  const started = Date.now();
  const until = started + 60_000 * minutes;
  const tally = createTally();
  const report = reporter(tally, started, until);
  let next = first;

  const more = (): boolean => Date.now() < until && next < first + trials;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child: ChildProcess = fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
      let current = next++;
      let answered = false;
      child.send(current);
      child.on("message", (message: Message) => {
        answered = true;
        report(message);
        if (!more()) return void child.kill();
        child.send((current = next++));
      });
      child.on("exit", (code, signal) => {
        // This process ends its own by SIGTERM.
        if (code === 0 || signal === "SIGTERM") return resolve();
        const end = String(code ?? signal);
        if (!answered) {
          const message = `a process ended with ${end} at its first seed, ${current}`;
          return reject(new Failure(message, "its message is above; try that seed alone: --trials 1"));
        }
        report({ seed: current, outcome: { seed: current, finding: crash(current, end) } });
        resolve(more() ? work() : undefined);
      });
    });
  await Promise.all(Array.from({ length: jobs }, work));

  const totals = tally.totals();
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    options.json
      ? JSON.stringify({ first, jobs, seconds, ...totals }, null, 2)
      : `seeds ${first} to ${next - 1}, ${jobs} ${jobs === 1 ? "process" : "processes"}, ${seconds} seconds\n${totalsText(totals)}`,
  );
  process.exitCode = totals.findings.length > 0 ? 1 : 0;
}

/** What an option says as a number; this process ends where it says none, since trials would then be left out without a word. */
function numberOf(name: "minutes" | "seed" | "trials" | "jobs"): number {
  const value = Number(options[name]);
  if (!Number.isNaN(value)) return value;
  console.error(`error: --${name} must be a number, not ${options[name]}`);
  process.exit(exitCodes.usage);
}

/** Adds what processes send to a tally, keeps findings as files, and says now and then how far it is. */
function reporter(tally: Tally, started: number, until: number): (message: Message) => void {
  let reported = started;
  return ({ seed, outcome }) => {
    const { trial, ...rest } = outcome;
    tally.add({ ...rest, ...(trial === undefined ? {} : { trial: { ...trial, forced: new Map(trial.forced) } }) });
    if (outcome.finding !== undefined) keep(outcome.finding);
    if (Date.now() - reported < pace) return;
    reported = Date.now();
    const { networks, findings } = tally.totals();
    const [passed, left] = [(reported - started) / 60_000, Math.max(0, (until - reported) / 60_000)];
    const pacing = `${networks} networks, ${(networks / passed).toFixed(1)} a minute`;
    console.error(`seed ${seed}: ${pacing}, ${findings.length} failures, ${left.toFixed(1)} minutes left`);
  };
}

/** What a seed did to the process that tried it; `end` is its exit code or the signal that ended it. */
function crash(seed: number, end: string): Finding {
  const [recipe] = fc.sample(recipes, { numRuns: 1, seed });
  return { seed, findings: [`crash: the process ended with ${end}`], recipe: recipe!, body: bodyOf(recipe!) };
}

function keep(finding: Finding): void {
  const path = join(options.out, `${finding.seed}.bnm`);
  writeFile(path, modelOf(finding));
  console.error(`seed ${finding.seed}: ${finding.findings[0]}\n  kept as ${path}`);
}

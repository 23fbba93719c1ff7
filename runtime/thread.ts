import { Worker } from "node:worker_threads";

/**
 * Runs the module `name` beside the module at `here` in a thread. From sources (tests, benches) the thread needs the
 * loader that runs TypeScript; the package has none of it.
 */
export function startThread(here: string, name: string, workerData: unknown): Worker {
  if (!here.endsWith(".ts")) return new Worker(new URL(`./${name}.js`, here), { workerData });
  const { href } = new URL(`./${name}.ts`, here);
  const start = `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(href)}); });`;
  return new Worker(start, { workerData, eval: true, execArgv: ["--conditions=source"] });
}

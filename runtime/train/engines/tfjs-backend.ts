import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { Failure } from "../../failure.js";

/** Makes the fastest backend of tfjs that this machine has the current one; the name is for reports. */
export async function useFastestBackend(): Promise<string> {
  if (await loadsNative()) return start("tensorflow", "tfjs-node");
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")))}/`);
  // Threads would copy the module into workers and gain nothing for nets of a few ten thousand weights.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  return start("wasm", "tfjs, WebAssembly");
}

/**
 * tfjs-node is optional: its library comes from a host that not every machine can reach. The package is then absent,
 * or present without its native half, or brings a tfjs-core of its own.
 */
async function loadsNative(): Promise<boolean> {
  // Not a literal: the compiler must not look for a package that may be absent.
  const name = "@tensorflow/tfjs-node";
  try {
    await import(name);
  } catch {
    return false;
  }
  return tf.findBackendFactory("tensorflow") != null;
}

async function start(backend: string, name: string): Promise<string> {
  if (!(await tf.setBackend(backend))) throw new Failure(`the ${backend} backend of tfjs does not start`, "reinstall with `npm ci`");
  await tf.ready();
  return name;
}

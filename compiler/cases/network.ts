import { elaborate } from "../elaborate/elaborate.js";
import type { Network } from "../ir/network.js";
import { load } from "../elaborate/load.js";

/**
 * The network of a model that is written in full, for tests; throws what is wrong with it. Ranges are the sample's unless the model
 * says something of them: there are more kernels for these.
 */
export function networkFrom(body: string, name = "net"): Network {
  const { value: program, diagnostics } = load(
    "test.bnm",
    `model ${name} {\n${body.includes("range:") ? "" : "range: sample\n"}${body}\n}\n`,
    () => undefined,
  );
  const { value: module, diagnostics: meanings } = elaborate(program, { targets: [] });
  const [first] = [...diagnostics, ...meanings];
  if (first !== undefined) throw new Error(`${first.code}: ${first.message} (${first.help ?? ""})`);
  return module.networks[0]!;
}

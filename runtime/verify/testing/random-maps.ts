import { networkFrom } from "#compiler/cases/network.js";
import type { Network } from "#compiler/ir/network.js";
import type { Target } from "#compiler/ir/target.js";
import { plan } from "#compiler/plan/plan.js";
import type { Random } from "#compiler/random.js";

/** A random net over images or sequences, of all layers for them: draws until one is sound and its sums fit. */
export function drawNetwork(draw: Random, target: Target, quantizer: string, name: string): Network {
  for (;;) {
    try {
      const network = networkFrom(`weights: ${quantizer}\n${drawPipeline(draw)}`, name);
      if (plan(network, target).value !== undefined) return network;
    } catch {
      // Windows that are larger than what is left, sides of an `add` that differ: another one.
    }
  }
}

function drawPipeline(draw: Random): string {
  const one = <T>(...choices: readonly T[]): T => choices[draw.below(choices.length)]!;
  const sequence = draw.below(4) === 0;
  const fixed = draw.below(3) === 0;
  const activate = (): string => (fixed ? one("relu", "requantize", "leaky_relu(2)") : "relu");
  const side = (): number => 4 + draw.below(9);
  const windows = (): string =>
    `kernel: ${one(1, 2, 3, 3, 3, 5, 6)}, stride: ${one(1, 1, 1, 2, 3)}, padding: ${one("valid", "valid", "valid", "same")}, norm: ${one("none", "none", "none", "none", "rms")}`;
  const groups = one(1, 1, 2, 3);
  const channels = (): number => groups * (1 + draw.below(4));
  const convolve = (): string => `${sequence ? "conv1d" : "conv"}(${channels()}, groups: ${one(1, groups)}, ${windows()})`;
  const depth = 2 + draw.below(2);
  const stages = Array.from({ length: depth }, (_, i): string => {
    // Of a fixed range sums are requantized once: those of the last stage behind it.
    const once = fixed && i === depth - 1;
    const main = i > 0 && !sequence && draw.below(2) === 0 ? `dwconv(${windows()})` : convolve();
    const skip = `${main} as skip${i} -> relu -> ${sequence ? `conv1d(${channels()}, padding: same, norm: none)` : "dwconv(padding: same, norm: none)"} -> add(skip${i})`;
    const tail = [
      once ? "" : one(activate(), activate(), activate(), fixed ? activate() : ""),
      one("maxpool(2)", "maxpool(3)", "avgpool(2)", once ? "sumpool(3)" : `sumpool(3) -> ${activate()}`, "", ""),
      "",
    ].filter((stage) => stage !== "");
    return [fixed ? main : one(main, main, skip), ...tail].join(" -> ");
  });
  const input = sequence ? [2 * side(), channels()] : [side(), side(), one(1, channels())];
  const ranges = fixed ? `range: fixed bias: ${one("yes", "no")} ` : "range: sample ";
  return `${ranges}input i8[${input.join(", ")}] -> ${stages.join(" -> ")} -> ${activate()} -> flatten -> dense(${2 + draw.below(4)}, norm: rms)`;
}

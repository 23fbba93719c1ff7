import { networkFrom } from "#compiler/cases/network.js";
import type { Network } from "#compiler/ir/network.js";
import { type Random, random } from "#compiler/random.js";

/**
 * A small random net of three classes with windows over images or sequences: any kernels, strides, padding, groups, norms,
 * pools and skip connections. Activations are rounded by shifts, which float32 and float64 do alike.
 */
export function imageNetwork(...seed: readonly (string | number)[]): Network {
  const draw = random("image networks", ...seed);
  for (;;) {
    try {
      return networkFrom(`activations: 8bit_shift\n${drawn(draw)}`);
    } catch {
      // Windows that are larger than what is left, groups that divide nothing: another one.
    }
  }
}

function drawn(draw: Random): string {
  const one = <T>(...choices: readonly T[]): T => choices[draw.below(choices.length)]!;
  const isSequence = draw.below(4) === 0;
  const side = (): number => 3 + draw.below(9);
  const input = isSequence ? [side() + 4, 1 + draw.below(6)] : [side(), side(), 1 + draw.below(6)];
  const windows = (): string =>
    `kernel: ${one(1, 2, 3, 3, 5)}, stride: ${one(1, 1, 1, 2, 3)}, padding: ${one("valid", "same")}, norm: ${one("none", "rms", "layer")}, weights: ${one("4bitsym", "8bit", "ternary")}`;
  const convolution = (): string => {
    const groups = one(1, 1, 1, 2, 3);
    return `${isSequence ? "conv1d" : "conv"}(${groups * (1 + draw.below(5))}, groups: ${one(1, groups)}, ${windows()})`;
  };
  const stage = (i: number): string => {
    const sums = isSequence || draw.below(2) === 0 ? convolution() : `dwconv(${windows()})`;
    const skipped =
      draw.below(4) === 0
        ? ` as skip${i} -> relu -> ${isSequence ? "conv1d" : "conv"}(4, padding: same, weights: 8bit, norm: rms) -> add(skip${i})`
        : "";
    return `${sums}${skipped} -> relu${one("", "", " -> maxpool(2)", " -> maxpool(3)", " -> avgpool(2)")}`;
  };
  const stages = Array.from({ length: 1 + draw.below(3) }, (_, i) => stage(i));
  return `input i8[${input.join(", ")}] -> ${stages.join(" -> ")} -> flatten -> dense(3, weights: 4bitsym, norm: rms)`;
}

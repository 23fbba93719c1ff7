import { networkFrom } from "../../cases/network.js";
import { catalog } from "../../catalog/index.js";

const formats = Object.keys(catalog.quantizers);

/** Channels that are convolved each by itself, in chains and alone. */
export const chains = networkFrom(`weights: 4bitsym
  input i8[18, 18, 2]
  -> conv(4, groups: 2, norm: none, weights: 8bit) -> relu -> dwconv(norm: none, weights: 8bit) -> relu -> dwconv(norm: none, weights: 8bit) -> relu
  -> conv(4, kernel: 1) -> relu -> dwconv(norm: rms, weights: csd2) -> relu -> dwconv(norm: none, weights: 8bit) -> maxpool(2) -> relu -> flatten -> dense(3)`);
/** A small network of convolutions for each weight format, which another one joins. */
export const mixed = formats.map((format, i) =>
  networkFrom(`weights: ${format}
  input i8[12, 12, 1]
  -> conv(5) -> relu -> conv(9, weights: ${formats[(i + 1) % formats.length]!}) -> maxpool(2) -> relu -> flatten -> dense(17) -> relu -> dense(7)`),
);

/** Layers of fixed ranges: of inputs of either sign, with and without biases, and with biases that take 32 bits. */
export const fixedRanges = [
  "activations: 4bit bias: yes weights: 4bitsym input u4[37] -> dense(40) -> relu -> dense(18, bias: no) -> relu",
  "bias: yes weights: 4bitsym input i8[250] -> dense(18) -> relu -> dense(12, bias: no) -> relu",
  "bias: yes weights: 2bitsym input i8[130] -> dense(10) -> relu -> dense(6, bias: no) -> relu",
  "bias: no weights: 4bitsym input i8[140] -> dense(18) -> relu",
  "activations: 4bit bias: yes weights: 4bitsym input u4[9, 9, 1] -> conv(6) -> relu -> maxpool(2) -> conv(5, kernel: 2, bias: no) -> relu -> flatten",
  "activations: 2of4bit weights: 4bitsym input u3[14, 14, 1] -> conv(9) -> relu -> maxpool(2) -> conv(16, kernel: 2) -> relu -> conv(6, kernel: 2) -> relu -> maxpool(2) -> flatten",
].map((layers, at) => networkFrom(`range: fixed ${layers} -> dense(3)`, `fixed${at}`));

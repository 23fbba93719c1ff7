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

// Generated from the folders beside it by `npm run gen`; do not edit.
import type { FamilyAssembly } from "./family-assembly.js";
import type { Kernel } from "./contract.js";
import add_values from "./channelwise/add-values.js";
import avgpool_shift from "./channelwise/avgpool-shift.js";
import bias_add from "./requantize/bias-add.js";
import conv_bitplanes from "./row-lists/conv-bitplanes.js";
import conv_csd from "./channelwise/conv-csd.js";
import conv_lanes from "./lanes/conv-lanes.js";
import conv_multiply from "./channelwise/conv-multiply.js";
import dense_bitplanes from "./bit-planes/dense-bitplanes.js";
import dense_bitserial from "./dense-rows/dense-bitserial.js";
import dense_bitsliced from "./bit-sliced/dense-bitsliced.js";
import dense_bucket from "./dense-rows/dense-bucket.js";
import dense_lookup from "./lookup/dense-lookup.js";
import dense_multiply from "./dense-rows/dense-multiply.js";
import dense_narrow from "./narrow/dense-narrow.js";
import dense_shift from "./dense-rows/dense-shift.js";
import dense_swar from "./swar/dense-swar.js";
import dense_table from "./dense-rows/dense-table.js";
import dense_ternary from "./dense-rows/dense-ternary.js";
import dense_unrolled from "./unrolled/dense-unrolled.js";
import depthwise_jit from "./depthwise-chain/depthwise-jit.js";
import depthwise_mul from "./depthwise-chain/depthwise-mul.js";
import maxpool_scan from "./channelwise/maxpool-scan.js";
import relu_rescale from "./requantize/relu-rescale.js";
import relu_shift from "./requantize/relu-shift.js";
import requantize_fixed from "./requantize/requantize-fixed.js";
import sumpool_windows from "./channelwise/sumpool-windows.js";
import windows_bitplanes from "./windows/windows-bitplanes.js";
import windows_swar from "./windows/windows-swar.js";

/** Every kernel, by name. */
export const kernels: Readonly<Record<string, Kernel>> = {
  "add-values": add_values,
  "avgpool-shift": avgpool_shift,
  "bias-add": bias_add,
  "conv-bitplanes": conv_bitplanes,
  "conv-csd": conv_csd,
  "conv-lanes": conv_lanes,
  "conv-multiply": conv_multiply,
  "dense-bitplanes": dense_bitplanes,
  "dense-bitserial": dense_bitserial,
  "dense-bitsliced": dense_bitsliced,
  "dense-bucket": dense_bucket,
  "dense-lookup": dense_lookup,
  "dense-multiply": dense_multiply,
  "dense-narrow": dense_narrow,
  "dense-shift": dense_shift,
  "dense-swar": dense_swar,
  "dense-table": dense_table,
  "dense-ternary": dense_ternary,
  "dense-unrolled": dense_unrolled,
  "depthwise-jit": depthwise_jit,
  "depthwise-mul": depthwise_mul,
  "maxpool-scan": maxpool_scan,
  "relu-rescale": relu_rescale,
  "relu-shift": relu_shift,
  "requantize-fixed": requantize_fixed,
  "sumpool-windows": sumpool_windows,
  "windows-bitplanes": windows_bitplanes,
  "windows-swar": windows_swar,
};

/** The assembly of families for other instruction sets than RISC-V. */
export const assemblies: readonly FamilyAssembly[] = [];

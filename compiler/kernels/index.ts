// Generated from the folders beside it by `npm run gen`; do not edit.
import type { Kernel } from "./contract.js";
import add_values from "./channelwise/add-values.js";
import avgpool_shift from "./channelwise/avgpool-shift.js";
import channels_generate from "./depthwise-chain/channels-generate.js";
import channels_multiply from "./depthwise-chain/channels-multiply.js";
import conv_digits from "./channelwise/conv-digits.js";
import conv_multiply from "./channelwise/conv-multiply.js";
import dense_bitserial from "./dense-rows/dense-bitserial.js";
import dense_bucket from "./dense-rows/dense-bucket.js";
import dense_digits from "./bit-planes/dense-digits.js";
import dense_lanes from "./swar/dense-lanes.js";
import dense_lines from "./unrolled/dense-lines.js";
import dense_multiply from "./dense-rows/dense-multiply.js";
import dense_products from "./lookup/dense-products.js";
import dense_shift from "./dense-rows/dense-shift.js";
import dense_slices from "./bit-sliced/dense-slices.js";
import dense_table from "./dense-rows/dense-table.js";
import dense_trit from "./dense-rows/dense-trit.js";
import maxpool_scan from "./channelwise/maxpool-scan.js";
import relu_rescale from "./requantize/relu-rescale.js";
import relu_shift from "./requantize/relu-shift.js";
import windows_digits from "./windows/windows-digits.js";
import windows_lanes from "./windows/windows-lanes.js";

/** Every kernel, by name. */
export const kernels: Readonly<Record<string, Kernel>> = {
  "add-values": add_values,
  "avgpool-shift": avgpool_shift,
  "channels-generate": channels_generate,
  "channels-multiply": channels_multiply,
  "conv-digits": conv_digits,
  "conv-multiply": conv_multiply,
  "dense-bitserial": dense_bitserial,
  "dense-bucket": dense_bucket,
  "dense-digits": dense_digits,
  "dense-lanes": dense_lanes,
  "dense-lines": dense_lines,
  "dense-multiply": dense_multiply,
  "dense-products": dense_products,
  "dense-shift": dense_shift,
  "dense-slices": dense_slices,
  "dense-table": dense_table,
  "dense-trit": dense_trit,
  "maxpool-scan": maxpool_scan,
  "relu-rescale": relu_rescale,
  "relu-shift": relu_shift,
  "windows-digits": windows_digits,
  "windows-lanes": windows_lanes,
};

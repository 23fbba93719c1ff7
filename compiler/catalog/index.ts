// Generated from the folders beside it by `npm run gen`; do not edit.
import type { ActivationFormat } from "./activation.js";
import type { ClaimDefinition } from "./claim.js";
import type { Quantizer } from "./codebook/quantizer.js";
import type { LayerDefinition } from "./layer.js";
import type { Norm } from "./norm.js";
import type { Progression } from "./progression.js";
import type { Pruning } from "./pruning.js";
import type { Augmentation, Source, Transform } from "./samples.js";
import type { Clip, Optimizer, Schedule } from "./training.js";
import activations_1bit from "./activations/1bit.js";
import activations_1of3bit from "./activations/1of3bit.js";
import activations_1of4bit from "./activations/1of4bit.js";
import activations_2bit from "./activations/2bit.js";
import activations_2of3bit from "./activations/2of3bit.js";
import activations_2of4bit from "./activations/2of4bit.js";
import activations_2of5bit from "./activations/2of5bit.js";
import activations_2of6bit from "./activations/2of6bit.js";
import activations_2of7bit from "./activations/2of7bit.js";
import activations_3bit from "./activations/3bit.js";
import activations_4bit from "./activations/4bit.js";
import activations_5bit from "./activations/5bit.js";
import activations_6bit from "./activations/6bit.js";
import activations_7bit from "./activations/7bit.js";
import activations_8bit from "./activations/8bit.js";
import activations_8bit_shift from "./activations/8bit_shift.js";
import augmentations_affine from "./augmentations/affine.js";
import augmentations_deform from "./augmentations/deform.js";
import augmentations_elastic from "./augmentations/elastic.js";
import augmentations_gain from "./augmentations/gain.js";
import augmentations_jitter from "./augmentations/jitter.js";
import augmentations_rotate from "./augmentations/rotate.js";
import augmentations_shift from "./augmentations/shift.js";
import augmentations_warp from "./augmentations/warp.js";
import augmentations_zoom from "./augmentations/zoom.js";
import claims_accuracy from "./claims/accuracy.js";
import claims_flash from "./claims/flash.js";
import claims_latency from "./claims/latency.js";
import claims_latency_bound from "./claims/latency_bound.js";
import claims_parameters from "./claims/parameters.js";
import claims_ram from "./claims/ram.js";
import claims_recall from "./claims/recall.js";
import claims_worst_latency from "./claims/worst_latency.js";
import clips_learned from "./clips/learned.js";
import clips_octav from "./clips/octav.js";
import clips_proportional from "./clips/proportional.js";
import layers_add from "./layers/add.js";
import layers_avgpool from "./layers/avgpool.js";
import layers_bias from "./layers/bias.js";
import layers_conv from "./layers/conv.js";
import layers_conv1d from "./layers/conv1d.js";
import layers_dense from "./layers/dense.js";
import layers_dwconv from "./layers/dwconv.js";
import layers_flatten from "./layers/flatten.js";
import layers_leaky_relu from "./layers/leaky_relu.js";
import layers_maxpool from "./layers/maxpool.js";
import layers_relu from "./layers/relu.js";
import layers_requantize from "./layers/requantize.js";
import layers_sumpool from "./layers/sumpool.js";
import norms_batch from "./norms/batch.js";
import norms_layer from "./norms/layer.js";
import norms_lin from "./norms/lin.js";
import norms_none from "./norms/none.js";
import norms_rms from "./norms/rms.js";
import optimizers_adam from "./optimizers/adam.js";
import optimizers_sgd from "./optimizers/sgd.js";
import progressions_at_once from "./progressions/at_once.js";
import progressions_by_layer from "./progressions/by_layer.js";
import progressions_later from "./progressions/later.js";
import prunings_masked from "./prunings/masked.js";
import prunings_nothing from "./prunings/nothing.js";
import quantizers_2bitsym from "./quantizers/2bitsym.js";
import quantizers_4bit from "./quantizers/4bit.js";
import quantizers_4bitsym from "./quantizers/4bitsym.js";
import quantizers_5bitsym from "./quantizers/5bitsym.js";
import quantizers_8bit from "./quantizers/8bit.js";
import quantizers_binary from "./quantizers/binary.js";
import quantizers_binarysym from "./quantizers/binarysym.js";
import quantizers_csd2 from "./quantizers/csd2.js";
import quantizers_fp130 from "./quantizers/fp130.js";
import quantizers_nf4 from "./quantizers/nf4.js";
import quantizers_pow2 from "./quantizers/pow2.js";
import quantizers_ternary from "./quantizers/ternary.js";
import schedules_cosine from "./schedules/cosine.js";
import schedules_halve from "./schedules/halve.js";
import schedules_restarts from "./schedules/restarts.js";
import schedules_step from "./schedules/step.js";
import sources_csv from "./sources/csv.js";
import sources_digits from "./sources/digits.js";
import sources_emnist from "./sources/emnist.js";
import sources_fashion_mnist from "./sources/fashion_mnist.js";
import sources_idx from "./sources/idx.js";
import sources_images from "./sources/images.js";
import sources_mnist from "./sources/mnist.js";
import sources_npy from "./sources/npy.js";
import transforms_crop from "./transforms/crop.js";
import transforms_limit from "./transforms/limit.js";
import transforms_resize from "./transforms/resize.js";
import transforms_scale from "./transforms/scale.js";
import transforms_split from "./transforms/split.js";
import transforms_standardize from "./transforms/standardize.js";
import transforms_subsample from "./transforms/subsample.js";
import transforms_window from "./transforms/window.js";

/** Everything bnmc knows, by family and name. */
export const catalog = {
  activations: {
    "1bit": activations_1bit,
    "1of3bit": activations_1of3bit,
    "1of4bit": activations_1of4bit,
    "2bit": activations_2bit,
    "2of3bit": activations_2of3bit,
    "2of4bit": activations_2of4bit,
    "2of5bit": activations_2of5bit,
    "2of6bit": activations_2of6bit,
    "2of7bit": activations_2of7bit,
    "3bit": activations_3bit,
    "4bit": activations_4bit,
    "5bit": activations_5bit,
    "6bit": activations_6bit,
    "7bit": activations_7bit,
    "8bit": activations_8bit,
    "8bit_shift": activations_8bit_shift,
  } as Readonly<Record<string, ActivationFormat>>,
  augmentations: {
    affine: augmentations_affine,
    deform: augmentations_deform,
    elastic: augmentations_elastic,
    gain: augmentations_gain,
    jitter: augmentations_jitter,
    rotate: augmentations_rotate,
    shift: augmentations_shift,
    warp: augmentations_warp,
    zoom: augmentations_zoom,
  } as Readonly<Record<string, Augmentation>>,
  claims: {
    accuracy: claims_accuracy,
    flash: claims_flash,
    latency: claims_latency,
    latency_bound: claims_latency_bound,
    parameters: claims_parameters,
    ram: claims_ram,
    recall: claims_recall,
    worst_latency: claims_worst_latency,
  } as Readonly<Record<string, ClaimDefinition>>,
  clips: {
    learned: clips_learned,
    octav: clips_octav,
    proportional: clips_proportional,
  } as Readonly<Record<string, Clip>>,
  layers: {
    add: layers_add,
    avgpool: layers_avgpool,
    bias: layers_bias,
    conv: layers_conv,
    conv1d: layers_conv1d,
    dense: layers_dense,
    dwconv: layers_dwconv,
    flatten: layers_flatten,
    leaky_relu: layers_leaky_relu,
    maxpool: layers_maxpool,
    relu: layers_relu,
    requantize: layers_requantize,
    sumpool: layers_sumpool,
  } as Readonly<Record<string, LayerDefinition>>,
  norms: {
    batch: norms_batch,
    layer: norms_layer,
    lin: norms_lin,
    none: norms_none,
    rms: norms_rms,
  } as Readonly<Record<string, Norm>>,
  optimizers: {
    adam: optimizers_adam,
    sgd: optimizers_sgd,
  } as Readonly<Record<string, Optimizer>>,
  progressions: {
    at_once: progressions_at_once,
    by_layer: progressions_by_layer,
    later: progressions_later,
  } as Readonly<Record<string, Progression>>,
  prunings: {
    masked: prunings_masked,
    nothing: prunings_nothing,
  } as Readonly<Record<string, Pruning>>,
  quantizers: {
    "2bitsym": quantizers_2bitsym,
    "4bit": quantizers_4bit,
    "4bitsym": quantizers_4bitsym,
    "5bitsym": quantizers_5bitsym,
    "8bit": quantizers_8bit,
    binary: quantizers_binary,
    binarysym: quantizers_binarysym,
    csd2: quantizers_csd2,
    fp130: quantizers_fp130,
    nf4: quantizers_nf4,
    pow2: quantizers_pow2,
    ternary: quantizers_ternary,
  } as Readonly<Record<string, Quantizer>>,
  schedules: {
    cosine: schedules_cosine,
    halve: schedules_halve,
    restarts: schedules_restarts,
    step: schedules_step,
  } as Readonly<Record<string, Schedule>>,
  sources: {
    csv: sources_csv,
    digits: sources_digits,
    emnist: sources_emnist,
    fashion_mnist: sources_fashion_mnist,
    idx: sources_idx,
    images: sources_images,
    mnist: sources_mnist,
    npy: sources_npy,
  } as Readonly<Record<string, Source>>,
  transforms: {
    crop: transforms_crop,
    limit: transforms_limit,
    resize: transforms_resize,
    scale: transforms_scale,
    split: transforms_split,
    standardize: transforms_standardize,
    subsample: transforms_subsample,
    window: transforms_window,
  } as Readonly<Record<string, Transform>>,
};

export const families = [
  "activations",
  "augmentations",
  "claims",
  "clips",
  "layers",
  "norms",
  "optimizers",
  "progressions",
  "prunings",
  "quantizers",
  "schedules",
  "sources",
  "transforms",
] as const;

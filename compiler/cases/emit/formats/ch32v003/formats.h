/*
 * formats for ch32v003
 *
 * Network:
 *   input        i8[6, 7]
 *   -> flatten1  i8[42]
 *   -> dense1    i32[3]    3 x 42 weights, 2bitsym   dense-bucket
 *   -> relu1     i8[3]                               relu-rescale
 *   -> dense2    i32[4]    4 x 3 weights, 4bit       dense-bitserial
 *   -> relu2     i8[4]                               relu-rescale
 *   -> dense3    i32[5]    5 x 4 weights, 4bitsym    dense-bitserial
 *   -> relu3     i8[5]                               relu-rescale
 *   -> dense4    i32[6]    6 x 5 weights, 5bitsym    dense-bitserial
 *   -> relu4     i8[6]                               relu-rescale
 *   -> dense5    i32[7]    7 x 6 weights, 8bit       dense-bitserial
 *   -> relu5     i8[7]                               relu-rescale
 *   -> dense6    i32[8]    8 x 7 weights, binary     dense-bitserial
 *   -> relu6     i8[8]                               relu-rescale
 *   -> dense7    i32[9]    9 x 8 weights, fp130      dense-shift
 *   -> relu7     i8[9]                               relu-rescale
 *   -> dense8    i32[10]   10 x 9 weights, nf4       dense-bucket
 *   -> relu8     i8[10]                              relu-rescale
 *   -> dense9    i32[11]   11 x 10 weights, ternary  dense-trit
 *
 * Buffers between the layers, 116 bytes:
 *   16..27    dense1, i32[3]     from dense1 to relu1
 *   0..15     scratch of dense1  during dense1
 *   16..18    relu1, i8[3]       from relu1 to dense2
 *   0..15     dense2, i32[4]     from dense2 to relu2
 *   20..23    relu2, i8[4]       from relu2 to dense3
 *   0..19     dense3, i32[5]     from dense3 to relu3
 *   24..28    relu3, i8[5]       from relu3 to dense4
 *   0..23     dense4, i32[6]     from dense4 to relu4
 *   28..33    relu4, i8[6]       from relu4 to dense5
 *   0..27     dense5, i32[7]     from dense5 to relu5
 *   32..38    relu5, i8[7]       from relu5 to dense6
 *   0..31     dense6, i32[8]     from dense6 to relu6
 *   36..43    relu6, i8[8]       from relu6 to dense7
 *   0..35     dense7, i32[9]     from dense7 to relu7
 *   104..112  relu7, i8[9]       from relu7 to dense8
 *   64..103   dense8, i32[10]    from dense8 to relu8
 *   0..63     scratch of dense8  during dense8
 *   44..53    relu8, i8[10]      from relu8 to dense9
 *   0..43     dense9, i32[11]    from dense9 to the end  (when logits is NULL)
 *
 * Size:
 *   flash  1.7 KiB: weights and tables 337 bytes, code about 1,398 bytes
 *   RAM    190 B: input 42 bytes, buffers 116 bytes, stack about 32 bytes
 *   time   about 34,837 cycles
 *
 * Origin:
 *   model       models/test.bnm
 *   definition  878226dab06b38e7b9ab4cf5dd3d13d312ed5dbd4515a34479f781dbc60fcbc2
 *   weights     models/test.safetensors, sha256 0123
 *   made by     bnmc 0.1.0: bnmc emit-c models/test.bnm
 */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdint.h>

#define FORMATS_INPUTS 42
#define FORMATS_CLASSES 11

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Classifies one input and returns the index of the first largest of the last layer's sums.
 *
 * input   FORMATS_INPUTS values of input, i8[6, 7] row by row: each sample scaled by its own
 *         127 / max |x|, rounded and clipped to int8. Only read.
 * logits  receives the FORMATS_CLASSES sums of dense9; NULL when only the class is wanted.
 *
 * Not reentrant: the buffers between the layers are static, 116 bytes.
 */
int formats_infer(int8_t *input, int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif /* FORMATS_H */

/*
 * formats for host
 *
 * Network:
 *   input        i8[6, 7]
 *   -> flatten1  i8[42]
 *   -> dense1    i32[3]    3 x 42 weights, 2bitsym   dense-swar
 *   -> relu1     i8[3]                               relu-rescale
 *   -> dense2    i32[4]    4 x 3 weights, 4bit       dense-swar
 *   -> relu2     i8[4]                               relu-rescale
 *   -> dense3    i32[5]    5 x 4 weights, 4bitsym    dense-swar
 *   -> relu3     i8[5]                               relu-rescale
 *   -> dense4    i32[6]    6 x 5 weights, 5bitsym    dense-swar
 *   -> relu4     i8[6]                               relu-rescale
 *   -> dense5    i32[7]    7 x 6 weights, 8bit       dense-multiply
 *   -> relu5     i8[7]                               relu-rescale
 *   -> dense6    i32[8]    8 x 7 weights, binary     dense-swar
 *   -> relu6     i8[8]                               relu-rescale
 *   -> dense7    i32[9]    9 x 8 weights, binarysym  dense-swar
 *   -> relu7     i8[9]                               relu-rescale
 *   -> dense8    i32[10]   10 x 9 weights, csd2      dense-table
 *   -> relu8     i8[10]                              relu-rescale
 *   -> dense9    i32[11]   11 x 10 weights, fp130    dense-lookup
 *   -> relu9     i8[11]                              relu-rescale
 *   -> dense10   i32[12]   12 x 11 weights, nf4      dense-lookup
 *   -> relu10    i8[12]                              relu-rescale
 *   -> dense11   i32[13]   13 x 12 weights, pow2     dense-lookup
 *   -> relu11    i8[13]                              relu-rescale
 *   -> dense12   i32[14]   14 x 13 weights, ternary  dense-swar
 *
 * Memory plan of the arena, 416 bytes:
 *   192..203  dense1, i32[3]      from dense1 to relu1
 *   0..191    scratch of dense1   during dense1
 *   96..98    relu1, i8[3]        from relu1 to dense2
 *   80..95    dense2, i32[4]      from dense2 to relu2
 *   0..79     scratch of dense2   during dense2
 *   100..103  relu2, i8[4]        from relu2 to dense3
 *   80..99    dense3, i32[5]      from dense3 to relu3
 *   0..79     scratch of dense3   during dense3
 *   184..188  relu3, i8[5]        from relu3 to dense4
 *   160..183  dense4, i32[6]      from dense4 to relu4
 *   0..159    scratch of dense4   during dense4
 *   28..33    relu4, i8[6]        from relu4 to dense5
 *   0..27     dense5, i32[7]      from dense5 to relu5
 *   192..198  relu5, i8[7]        from relu5 to dense6
 *   160..191  dense6, i32[8]      from dense6 to relu6
 *   0..159    scratch of dense6   during dense6
 *   148..155  relu6, i8[8]        from relu6 to dense7
 *   112..147  dense7, i32[9]      from dense7 to relu7
 *   0..111    scratch of dense7   during dense7
 *   40..48    relu7, i8[9]        from relu7 to dense8
 *   0..39     dense8, i32[10]     from dense8 to relu8
 *   396..405  relu8, i8[10]       from relu8 to dense9
 *   352..395  dense9, i32[11]     from dense9 to relu9
 *   0..351    scratch of dense9   during dense9
 *   400..410  relu9, i8[11]       from relu9 to dense10
 *   352..399  dense10, i32[12]    from dense10 to relu10
 *   0..351    scratch of dense10  during dense10
 *   404..415  relu10, i8[12]      from relu10 to dense11
 *   352..403  dense11, i32[13]    from dense11 to relu11
 *   0..351    scratch of dense11  during dense11
 *   280..292  relu11, i8[13]      from relu11 to dense12
 *   224..279  dense12, i32[14]    from dense12 to the end  (when logits is NULL)
 *   0..223    scratch of dense12  during dense12
 *
 * Size:
 *   flash  weights and tables 808 bytes
 *   RAM    input 42 bytes, buffers 416 bytes
 *
 * Origin:
 *   model       models/test.bnm
 *   definition  dc2561d54d9b703679dd37ef3f4dc2c96e15669beea700283ef970c7e13942b2
 *   weights     models/test.safetensors, sha256 0123
 *   made by     bnmc 0.1.0: bnmc emit-c models/test.bnm
 *
 * SPDX-License-Identifier: MIT-0 (what bnmc emits may be used without its notice)
 */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdint.h>

#define FORMATS_INPUTS 42
#define FORMATS_CLASSES 14

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Classifies one input and returns its class: the argmax of the logits, the first of equal ones.
 *
 * input   FORMATS_INPUTS values of input, i8[6, 7] row by row.
 *         Only read.
 * logits  receives the FORMATS_CLASSES logits, the i32 sums of dense12; NULL when only the class is wanted.
 *
 * Not reentrant: the buffers between the layers are static, 416 bytes. One call at a time, whichever task makes it.
 * Interrupts may come at any time.
 *
 * C99, or C++11 and later, by any compiler.
 */
int formats_infer(const int8_t *input, int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif /* FORMATS_H */

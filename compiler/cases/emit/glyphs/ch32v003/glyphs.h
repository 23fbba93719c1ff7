/*
 * glyphs for ch32v003
 *
 * Network:
 *   input        i8[12, 12, 1]
 *   -> edges     i32[10, 10, 4]  4 x 1 x 3 x 3 weights, 4bit     conv-csd
 *   -> relu1     i32[10, 10, 4]                                  relu-shift
 *   -> dwconv1   i32[10, 10, 4]  4 x 1 x 3 x 3 weights, nf4      conv-csd
 *   -> add1      i32[10, 10, 4]                                  add-values
 *   -> relu2     i32[10, 10, 4]                                  relu-shift
 *   -> maxpool1  i32[5, 5, 4]                                    maxpool-scan
 *   -> conv2     i32[2, 2, 6]    6 x 4 x 2 x 2 weights, ternary  conv-csd
 *   -> relu3     i8[2, 2, 6]                                     relu-rescale
 *   -> avgpool1  i8[1, 1, 6]                                     avgpool-shift
 *   -> flatten1  i8[6]
 *   -> dense1    i32[3]          3 x 6 weights, 4bit             dense-lookup
 * edges to relu2: channel by channel, 4 channels.
 * conv2: channel by channel, 6 channels.
 * avgpool1: channel by channel, 6 channels.
 *
 * Memory plan of the arena, 1,200 bytes:
 *   800..999    edges, i16[100], one channel    from edges to add1
 *   400..599    relu1, i16[100], one channel    from relu1 to dwconv1
 *   0..399      dwconv1, i32[100], one channel  from dwconv1 to add1
 *   400..799    add1, i32[100], one channel     from add1 to maxpool1
 *   0..99       maxpool1, i32[25], one channel  from maxpool1 to relu2
 *   1000..1199  relu2, u16[100]                 from edges to conv2
 *   0..95       conv2, i32[24]                  from conv2 to relu3
 *   0..23       relu3, i8[24]                   from relu3 to avgpool1
 *   332..337    avgpool1, i8[6]                 from avgpool1 to dense1
 *   320..331    dense1, i32[3]                  from dense1 to the end   (when logits is NULL)
 *   0..319      scratch of dense1               during dense1
 *
 * Size, code and stack by estimate:
 *   flash  3.4 KiB: weights and tables 126 bytes, code about 3,372 bytes
 *   RAM    1.7 KiB: input 144 bytes, buffers 1,200 bytes, code that runs there about 122 bytes, stack about 227 bytes
 *   time   about 403,006 cycles by estimate, a third to twice that; `bnmc sim` measures
 *
 * Origin:
 *   model       models/test.bnm
 *   definition  e533356498b8e9496b1c5966fbc4b7799e532e6263bfec6ffcb0096edd732751
 *   weights     models/test.safetensors, sha256 0123
 *   made by     bnmc 0.1.0: bnmc emit-c models/test.bnm
 *
 * SPDX-License-Identifier: MIT-0 (what bnmc emits may be used without its notice)
 */
#ifndef GLYPHS_H
#define GLYPHS_H

#include <stdint.h>

#define GLYPHS_INPUTS 144
#define GLYPHS_CLASSES 3

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Classifies one input and returns its class: the argmax of the logits, the first of equal ones.
 *
 * input   GLYPHS_INPUTS values of input, i8[12, 12, 1] row by row.
 *         Only read.
 * logits  receives the GLYPHS_CLASSES logits, the i32 sums of dense1; NULL when only the class is wanted.
 *
 * Not reentrant: the buffers between the layers are static, 1200 bytes. One call at a time, whichever task makes it.
 * Interrupts may come at any time; tp is not theirs, so that handlers have no thread-local storage.
 * An RTOS that may switch tasks meanwhile has to save tp of each, which FreeRTOS does not: else suspend its scheduler for the call.
 *
 * C99, or C++11 and later, by any compiler. Assembly for RISC-V is for GCC and Clang that optimize; others, and -O0, make the same sums
 * of C, slower and with more stack. Compile with -march=rv32ec.
 */
int glyphs_infer(const int8_t *input, int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif /* GLYPHS_H */

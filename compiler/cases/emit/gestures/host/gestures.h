/*
 * gestures for host
 *
 * Wrist gestures from a 3-axis accelerometer,
 * 50 Hz, 160 ms windows.
 *
 * Network:
 *   input        i8[8, 3]
 *   -> flatten1  i8[24]
 *   -> dense1    i32[12]   12 x 24 weights, 2bitsym  dense-swar
 *   -> relu1     i8[12]                              relu-rescale
 *   -> dense2    i32[6]    6 x 12 weights, 2bitsym   dense-swar
 *   -> relu2     i8[6]                               relu-rescale
 *   -> dense3    i32[4]    4 x 6 weights, 2bitsym    dense-swar
 *
 * Preprocessing of a sample into an input, as in training:
 *   make every 2 frames one, their mean
 *   (value - mean) / deviation, of each of the 3 features
 *     mean: -0.0281, 0.1174, 9.8066
 *     deviation: 1.25, 1.5, 2
 *
 * Memory plan of the arena, 160 bytes:
 *   112..159  dense1, i32[12]    from dense1 to relu1
 *   0..111    scratch of dense1  during dense1
 *   104..115  relu1, i8[12]      from relu1 to dense2
 *   80..103   dense2, i32[6]     from dense2 to relu2
 *   0..79     scratch of dense2  during dense2
 *   104..109  relu2, i8[6]       from relu2 to dense3
 *   80..95    dense3, i32[4]     from dense3 to the end  (when logits is NULL)
 *   0..79     scratch of dense3  during dense3
 *
 * Size:
 *   flash  weights and tables 200 bytes
 *   RAM    input 24 bytes, buffers 160 bytes
 *
 * Origin:
 *   model       models/test.bnm
 *   definition  8aa64a7a6b0e9aaae8164f915f97a4eb261c82018c2f242d40dba1054f47f7fb
 *   weights     models/test.safetensors, sha256 0123
 *   params      frames = 8, width = 12
 *   made by     bnmc 0.1.0: bnmc emit-c models/test.bnm
 *
 * SPDX-License-Identifier: MIT-0 (what bnmc emits may be used without its notice)
 */
#ifndef GESTURES_H
#define GESTURES_H

#include <stdint.h>

#define GESTURES_INPUTS 24
#define GESTURES_CLASSES 4

enum {
    GESTURES_CLASS_IDLE = 0, /* idle */
    GESTURES_CLASS_SHAKE = 1, /* shake */
    GESTURES_CLASS_DOUBLE_TAP = 2, /* double tap */
    GESTURES_CLASS_CIRCLE = 3, /* circle */
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Classifies one input and returns its class: the argmax of the logits, the first of equal ones.
 *
 * input   GESTURES_INPUTS values of input, i8[8, 3] row by row, preprocessed as said above.
 *         Only read.
 * logits  receives the GESTURES_CLASSES logits, the i32 sums of dense3; NULL when only the class is wanted.
 *
 * Not reentrant: the buffers between the layers are static, 160 bytes. One call at a time, whichever task makes it.
 * Interrupts may come at any time.
 *
 * C99, or C++11 and later, by any compiler.
 */
int gesture_classify(const int8_t *input, int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif /* GESTURES_H */

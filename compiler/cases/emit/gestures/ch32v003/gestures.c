/* gestures: see gestures.h for the network, the memory map and where this comes from. */
#include "gestures.h"

#include <stddef.h>

/*
 * dense1: 24 inputs -> 12 sums, 2bitsym weights, by shifts and adds.
 *
 * Each word holds 16 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * 1 + 2*b0, negative when b1 is set: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense1_weights[24] = {
    0x628C809B, 0x0000AF46, 0xE40A690A, 0x0000013F, 0x248DCC47, 0x00008A41, 0x30E819F4, 0x00001FAF,
    0x35AEC5EE, 0x0000C071, 0x84D02EA1, 0x00009B90, 0x59EC0922, 0x0000A8B0, 0x26E30E21, 0x00007631,
    0x5D30C283, 0x00001628, 0x1EDBED3D, 0x00003776, 0xF2D910FE, 0x00005197, 0xBC6DE98C, 0x00005C23,
};

static void dense1(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 24;
    const int32_t *const out_end = out + 12;
    const uint32_t *words = dense1_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 16 ? in_end : x + 16;
            uint32_t codes = *words++;
            do {
                int32_t v = *x++;
                if (codes & 2u) v = -v;
                sum += v;
                v += v;
                if (codes & 1u) sum += v;
                codes >>= 2;
            } while (x != stop);
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * rescale: clears negative sums and shifts the others right, rounding half up, as far as the largest needs to fit in
 * seven bits. `out` may start where `in` does: every sum is read before bytes are written over it.
 */
static void rescale(const int32_t *in, int8_t *out, unsigned count)
{
    const int32_t *const in_end = in + count;
    int32_t largest = 0;
    for (const int32_t *sum = in; sum != in_end; sum++) {
        if (*sum > largest) largest = *sum;
    }

    unsigned shift = 0;
    while (largest >> shift > 127) shift++;
    const int32_t half = (1 << shift) >> 1;

    do {
        int32_t value = *in++;
        if (value < 0) value = 0;
        value = (value + half) >> shift;
        *out++ = (int8_t)(value > 127 ? 127 : value);
    } while (in != in_end);
}

/*
 * dense2: 12 inputs -> 6 sums, 2bitsym weights, by shifts and adds.
 *
 * Each word holds 16 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * 1 + 2*b0, negative when b1 is set: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense2_weights[6] = {
    0x00932044, 0x006D3BEB, 0x00A6AADC, 0x000EE0B9, 0x00083504, 0x007F8F02,
};

static void dense2(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 12;
    const int32_t *const out_end = out + 6;
    const uint32_t *words = dense2_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            int32_t v = *x++;
            if (codes & 2u) v = -v;
            sum += v;
            v += v;
            if (codes & 1u) sum += v;
            codes >>= 2;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense3: 6 inputs -> 4 sums, 2bitsym weights, by shifts and adds.
 *
 * Each word holds 16 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * 1 + 2*b0, negative when b1 is set: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense3_weights[4] = {
    0x00000598, 0x000007BC, 0x00000FCA, 0x0000000D,
};

static void dense3(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 6;
    const int32_t *const out_end = out + 4;
    const uint32_t *words = dense3_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            int32_t v = *x++;
            if (codes & 2u) v = -v;
            sum += v;
            v += v;
            if (codes & 1u) sum += v;
            codes >>= 2;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/* Everything between the layers; gestures.h says what lies where. */
static union {
    int32_t i32[12];
    int8_t i8[48];
} arena;

int gesture_classify(int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 2;

    dense1(input, arena.i32);
    rescale(arena.i32, arena.i8, 12); /* relu1 */
    dense2(arena.i8, arena.i32 + 3);
    rescale(arena.i32 + 3, arena.i8, 6); /* relu2 */
    dense3(arena.i8, sums);

    int best = 0;
    for (int i = 1; i < 4; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

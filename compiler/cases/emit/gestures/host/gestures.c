/* gestures: see gestures.h for the network, the memory map and where this comes from. */
#include "gestures.h"

#include <stddef.h>

/*
 * dense1: 24 inputs -> 12 sums, 2bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 3: only u is multiplied, the rest is done once a row.
 * Each word holds 16 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense1_weights[24] = {
    0xD9626A74, 0x000050ED, 0x1EA5D7A5, 0x0000AB80, 0x9E6322EC, 0x000065EB, 0x8A16B70E, 0x0000B050,
    0x8F512F11, 0x00002ACB, 0x6E3A915B, 0x0000747A, 0xF712A799, 0x0000564A, 0x9D18A19B, 0x0000CD8B,
    0xF38A2968, 0x0000BD96, 0xB1341383, 0x00008CCD, 0x0937BA01, 0x0000FB7C, 0x42D31762, 0x0000F298,
};

static void dense1(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 24;
    const int32_t *const out_end = out + 12;
    const uint32_t *words = dense1_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -3 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 16 ? in_end : x + 16;
            uint32_t codes = *words++;
            do {
                sum += (int32_t)(codes & 3u) * *x++;
                codes >>= 2;
            } while (x != stop);
        } while (x != in_end);
        *out++ = base + 2 * sum;
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
 * dense2: 12 inputs -> 6 sums, 2bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 3: only u is multiplied, the rest is done once a row.
 * Each word holds 16 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense2_weights[6] = {
    0x00789AEE, 0x00D38414, 0x005D5532, 0x00A11A47, 0x00A68FAE, 0x00C060A9,
};

static void dense2(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 12;
    const int32_t *const out_end = out + 6;
    const uint32_t *words = dense2_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -3 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 3u) * *x++;
            codes >>= 2;
        } while (x != in_end);
        *out++ = base + 2 * sum;
    } while (out != out_end);
}

/*
 * dense3: 6 inputs -> 4 sums, 2bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 3: only u is multiplied, the rest is done once a row.
 * Each word holds 16 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense3_weights[4] = {
    0x00000F76, 0x00000C42, 0x00000025, 0x00000AA3,
};

static void dense3(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 6;
    const int32_t *const out_end = out + 4;
    const uint32_t *words = dense3_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -3 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 3u) * *x++;
            codes >>= 2;
        } while (x != in_end);
        *out++ = base + 2 * sum;
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

/* formats: see formats.h for the network, the memory map and where this comes from. */
#include "formats.h"

#include <stddef.h>

/*
 * dense1: 42 inputs -> 3 sums, 2bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 3: only u is multiplied, the rest is done once a row.
 * Each word holds 16 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense1_weights[9] = {
    0x9E095C82, 0xA71B961A, 0x000033DF, 0x22BC3A52, 0xA734257D, 0x00032515, 0x94A515A1, 0x9597B1B4,
    0x0003ACB3,
};

static void dense1(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 42;
    const int32_t *const out_end = out + 3;
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
 * dense2: 3 inputs -> 4 sums, 4bit weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, u - 8: only u is multiplied, the rest is done once a row.
 * Each word holds 8 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense2_weights[4] = {
    0x00000AA4, 0x00000FEE, 0x00000E62, 0x00000DF5,
};

static void dense2(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 3;
    const int32_t *const out_end = out + 4;
    const uint32_t *words = dense2_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -8 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 15u) * *x++;
            codes >>= 4;
        } while (x != in_end);
        *out++ = base + sum;
    } while (out != out_end);
}

/*
 * dense3: 4 inputs -> 5 sums, 4bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 15: only u is multiplied, the rest is done once a row.
 * Each word holds 8 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense3_weights[5] = {
    0x0000CBF3, 0x0000B273, 0x00004EF9, 0x00007086, 0x0000F70F,
};

static void dense3(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 4;
    const int32_t *const out_end = out + 5;
    const uint32_t *words = dense3_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -15 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 15u) * *x++;
            codes >>= 4;
        } while (x != in_end);
        *out++ = base + 2 * sum;
    } while (out != out_end);
}

/*
 * dense4: 5 inputs -> 6 sums, 5bitsym weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 31: only u is multiplied, the rest is done once a row.
 * Each word holds 6 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense4_weights[6] = {
    0x01EEECDB, 0x01AE62CE, 0x009A65DA, 0x01CB35CA, 0x002AA1AD, 0x01A460F9,
};

static void dense4(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 5;
    const int32_t *const out_end = out + 6;
    const uint32_t *words = dense4_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -31 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 31u) * *x++;
            codes >>= 5;
        } while (x != in_end);
        *out++ = base + 2 * sum;
    } while (out != out_end);
}

/*
 * dense5: 6 inputs -> 7 sums, 8bit weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, u - 128: only u is multiplied, the rest is done once a row.
 * Each word holds 4 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense5_weights[14] = {
    0xEE72AE9E, 0x00002280, 0x90A8576A, 0x00001D14, 0xD9E67DF0, 0x00001FC3, 0x71BF737A, 0x00005E10,
    0x2E8F9EC1, 0x00000296, 0xB21A9F62, 0x0000809A, 0xD2E00B4A, 0x000018CE,
};

static void dense5(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 6;
    const int32_t *const out_end = out + 7;
    const uint32_t *words = dense5_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -128 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 4 ? in_end : x + 4;
            uint32_t codes = *words++;
            do {
                sum += (int32_t)(codes & 255u) * *x++;
                codes >>= 8;
            } while (x != stop);
        } while (x != in_end);
        *out++ = base + sum;
    } while (out != out_end);
}

/*
 * dense6: 7 inputs -> 8 sums, binary weights, one multiplication each.
 *
 * A weight is stored as the number u of its level, 2*u - 1: only u is multiplied, the rest is done once a row.
 * Each word holds 32 numbers, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense6_weights[8] = {
    0x0000003A, 0x0000007C, 0x00000055, 0x0000007A, 0x00000025, 0x00000006, 0x00000033, 0x0000002C,
};

static void dense6(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 7;
    const int32_t *const out_end = out + 8;
    const uint32_t *words = dense6_weights;
    int32_t total = 0;
    for (const int8_t *x = in; x != in_end; x++) total += *x;
    const int32_t base = -1 * total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += (int32_t)(codes & 1u) * *x++;
            codes >>= 1;
        } while (x != in_end);
        *out++ = base + 2 * sum;
    } while (out != out_end);
}

/*
 * dense7: 8 inputs -> 9 sums, fp130 weights, looked up and multiplied.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense7_weights[9] = {
    0x4E5D6972, 0x0DE469C8, 0xD08F0DAA, 0x8874A54D, 0x83801D55, 0x6ECCA5FD, 0x267A3566, 0xEADCACF5,
    0x8DFE286E,
};

static const int16_t dense7_levels[16] = {
       1,    2,    4,    8,   16,   32,   64,  128,
      -1,   -2,   -4,   -8,  -16,  -32,  -64, -128,
};

static void dense7(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 8;
    const int32_t *const out_end = out + 9;
    const uint32_t *words = dense7_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            sum += dense7_levels[codes & 15u] * *x++;
            codes >>= 4;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense8: 9 inputs -> 10 sums, nf4 weights, looked up and multiplied.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense8_weights[20] = {
    0xAA8ED60C, 0x00000000, 0x6D1E53B2, 0x00000008, 0x95034B89, 0x0000000D, 0x9ED51D80, 0x00000003,
    0xF07CB8CB, 0x0000000B, 0x3637B1DE, 0x00000003, 0x7A55C1A5, 0x00000004, 0xB4793D4D, 0x00000007,
    0x074B71FB, 0x00000002, 0x7ED972F7, 0x00000006,
};

static const int8_t dense8_levels[16] = {
    -127,  -88,  -67,  -50,  -36,  -23,  -12,    0,
      10,   20,   31,   43,   56,   71,   92,  127,
};

static void dense8(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 9;
    const int32_t *const out_end = out + 10;
    const uint32_t *words = dense8_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 8 ? in_end : x + 8;
            uint32_t codes = *words++;
            do {
                sum += dense8_levels[codes & 15u] * *x++;
                codes >>= 4;
            } while (x != stop);
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense9: 10 inputs -> 11 sums, ternary weights, looked up and multiplied.
 *
 * Each word holds 10 codes, base-3 digits of a fraction of 2^16; a row starts with a new word.
 */
static const uint16_t dense9_weights[11] = {
    0xC3F5, 0xC522, 0x258B, 0xEFE3, 0x32CD, 0x352B, 0xE7E3, 0x504C,
    0xDF46, 0x5F65, 0x44CC,
};

static const int8_t dense9_levels[3] = {
    -1,  0,  1,
};

static void dense9(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 10;
    const int32_t *const out_end = out + 11;
    const uint16_t *words = dense9_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            codes += codes + codes;
            sum += dense9_levels[codes >> 16] * *x++;
            codes &= 0xFFFFu;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/* Everything between the layers; formats.h says what lies where. */
static union {
    int32_t i32[14];
    int8_t i8[56];
} arena;

int formats_infer(int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32;

    dense1(input, arena.i32);
    rescale(arena.i32, arena.i8 + 16, 3); /* relu1 */
    dense2(arena.i8 + 16, arena.i32);
    rescale(arena.i32, arena.i8 + 20, 4); /* relu2 */
    dense3(arena.i8 + 20, arena.i32);
    rescale(arena.i32, arena.i8 + 24, 5); /* relu3 */
    dense4(arena.i8 + 24, arena.i32);
    rescale(arena.i32, arena.i8 + 28, 6); /* relu4 */
    dense5(arena.i8 + 28, arena.i32);
    rescale(arena.i32, arena.i8 + 32, 7); /* relu5 */
    dense6(arena.i8 + 32, arena.i32);
    rescale(arena.i32, arena.i8 + 36, 8); /* relu6 */
    dense7(arena.i8 + 36, arena.i32);
    rescale(arena.i32, arena.i8 + 40, 9); /* relu7 */
    dense8(arena.i8 + 40, arena.i32);
    rescale(arena.i32, arena.i8 + 44, 10); /* relu8 */
    dense9(arena.i8 + 44, sums);

    int best = 0;
    for (int i = 1; i < 11; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

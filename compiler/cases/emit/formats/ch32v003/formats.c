/* formats: see formats.h for the network, the memory map and where this comes from. */
#include "formats.h"

#include <stddef.h>

/*
 * dense1: 42 inputs -> 3 sums, 2bitsym weights, without a multiplication.
 *
 * A weight is stored as the rank of its level, and a row first adds its inputs up in one bucket for each rank. A level
 * is the lowest one, -3, plus the steps up to it: the step to a rank counts for all inputs in its bucket and above.
 * Each word holds 16 ranks, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense1_weights[9] = {
    0x9E095C82, 0xA71B961A, 0x000033DF, 0x22BC3A52, 0xA734257D, 0x00032515, 0x94A515A1, 0x9597B1B4,
    0x0003ACB3,
};

static void dense1(const int8_t *in, int32_t *out, int32_t *buckets)
{
    const int8_t *const in_end = in + 42;
    const int32_t *const out_end = out + 3;
    const uint32_t *words = dense1_weights;
    for (int rank = 0; rank < 4; rank++) buckets[rank] = 0;

    do {
        const int8_t *x = in;
        do {
            const int8_t *const stop = in_end - x < 16 ? in_end : x + 16;
            uint32_t codes = *words++;
            do {
                buckets[codes & 3u] += *x++;
                codes >>= 2;
            } while (x != stop);
        } while (x != in_end);

        uint32_t sum = 0;
        int32_t total = 0;
        for (int rank = 3; rank != 0; rank--) {
            total += buckets[rank];
            buckets[rank] = 0;
            sum += (uint32_t)total;
        }
        total += buckets[0];
        buckets[0] = 0;
        *out++ = (int32_t)((sum << 1) + ((uint32_t)total - ((uint32_t)total << 2)));
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
 * dense2: 3 inputs -> 4 sums, 4bit weights, by shifts and adds.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * b0 + 2*b1 + 4*b2 - 8*b3: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense2_weights[4] = {
    0x0000022C, 0x00000766, 0x000006EA, 0x0000057D,
};

static void dense2(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 3;
    const int32_t *const out_end = out + 4;
    const uint32_t *words = dense2_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            int32_t v = *x++;
            if (codes & 1u) sum += v;
            v += v;
            if (codes & 2u) sum += v;
            v += v;
            if (codes & 4u) sum += v;
            v += v;
            if (codes & 8u) sum -= v;
            codes >>= 4;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense3: 4 inputs -> 5 sums, 4bitsym weights, by shifts and adds.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * 1 + 2*b0 + 4*b1 + 8*b2, negative when b3 is set: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense3_weights[5] = {
    0x0000437C, 0x00003D8C, 0x0000B671, 0x00008F09, 0x000078F7,
};

static void dense3(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 4;
    const int32_t *const out_end = out + 5;
    const uint32_t *words = dense3_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            int32_t v = *x++;
            if (codes & 8u) v = -v;
            sum += v;
            v += v;
            if (codes & 1u) sum += v;
            v += v;
            if (codes & 2u) sum += v;
            v += v;
            if (codes & 4u) sum += v;
            codes >>= 4;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense4: 5 inputs -> 6 sums, 5bitsym weights, by shifts and adds.
 *
 * Each word holds 6 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * 1 + 2*b0 + 4*b1 + 8*b2 + 16*b3, negative when b4 is set: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense4_weights[6] = {
    0x00E6AF2B, 0x00A620D1, 0x0162262A, 0x00C34A35, 0x01D2DE52, 0x00ABA309,
};

static void dense4(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 5;
    const int32_t *const out_end = out + 6;
    const uint32_t *words = dense4_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            int32_t v = *x++;
            if (codes & 16u) v = -v;
            sum += v;
            v += v;
            if (codes & 1u) sum += v;
            v += v;
            if (codes & 2u) sum += v;
            v += v;
            if (codes & 4u) sum += v;
            v += v;
            if (codes & 8u) sum += v;
            codes >>= 5;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense5: 6 inputs -> 7 sums, 8bit weights, by shifts and adds.
 *
 * Each word holds 4 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * b0 + 2*b1 + 4*b2 + 8*b3 + 16*b4 + 32*b5 + 64*b6 - 128*b7: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense5_weights[14] = {
    0x6EF22E1E, 0x0000A200, 0x1028D7EA, 0x00009D94, 0x5966FD70, 0x00009F43, 0xF13FF3FA, 0x0000DE90,
    0xAE0F1E41, 0x00008216, 0x329A1FE2, 0x0000001A, 0x52608BCA, 0x0000984E,
};

static void dense5(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 6;
    const int32_t *const out_end = out + 7;
    const uint32_t *words = dense5_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 4 ? in_end : x + 4;
            uint32_t codes = *words++;
            do {
                int32_t v = *x++;
                if (codes & 1u) sum += v;
                v += v;
                if (codes & 2u) sum += v;
                v += v;
                if (codes & 4u) sum += v;
                v += v;
                if (codes & 8u) sum += v;
                v += v;
                if (codes & 16u) sum += v;
                v += v;
                if (codes & 32u) sum += v;
                v += v;
                if (codes & 64u) sum += v;
                v += v;
                if (codes & 128u) sum -= v;
                codes >>= 8;
            } while (x != stop);
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense6: 7 inputs -> 8 sums, binary weights, by shifts and adds.
 *
 * Each word holds 32 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * -1 + 2*b0: the input counts where a bit is set and doubles from bit to bit.
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
    const int32_t base = -total;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        uint32_t codes = *words++;
        do {
            const int32_t v = *x++;
            if (codes & 1u) sum += v;
            codes >>= 1;
        } while (x != in_end);
        *out++ = base + (int32_t)((uint32_t)sum << 1);
    } while (out != out_end);
}

/*
 * dense7: 8 inputs -> 9 sums, fp130 weights, one shift and one addition each.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word. The level of a
 * code is 2^e with e in bits 0 to 2, negative when bit 3 is set.
 */
static const uint32_t dense7_weights[9] = {
    0x4E5D6972, 0x0DE469C8, 0xD08F0DAA, 0x8874A54D, 0x83801D55, 0x6ECCA5FD, 0x267A3566, 0xEADCACF5,
    0x8DFE286E,
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
            int32_t v = *x++;
            if (codes & 8u) v = -v;
            sum += (int32_t)((uint32_t)v << (codes & 7u));
            codes >>= 4;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/*
 * dense8: 9 inputs -> 10 sums, nf4 weights, without a multiplication.
 *
 * A weight is stored as the rank of its level, and a row first adds its inputs up in one bucket for each rank. A level
 * is the lowest one, -127, plus the steps up to it: the step to a rank counts for all inputs in its bucket and above.
 * Each word holds 8 ranks, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense8_weights[20] = {
    0xAA8ED60C, 0x00000000, 0x6D1E53B2, 0x00000008, 0x95034B89, 0x0000000D, 0x9ED51D80, 0x00000003,
    0xF07CB8CB, 0x0000000B, 0x3637B1DE, 0x00000003, 0x7A55C1A5, 0x00000004, 0xB4793D4D, 0x00000007,
    0x074B71FB, 0x00000002, 0x7ED972F7, 0x00000006,
};

static const uint8_t dense8_steps[15] = {
    39, 21, 17, 14, 13, 11, 12, 10,
    10, 11, 12, 13, 15, 21, 35,
};

static void dense8(const int8_t *in, int32_t *out, int32_t *buckets)
{
    const int8_t *const in_end = in + 9;
    const int32_t *const out_end = out + 10;
    const uint32_t *words = dense8_weights;
    for (int rank = 0; rank < 16; rank++) buckets[rank] = 0;

    do {
        const int8_t *x = in;
        do {
            const int8_t *const stop = in_end - x < 8 ? in_end : x + 8;
            uint32_t codes = *words++;
            do {
                buckets[codes & 15u] += *x++;
                codes >>= 4;
            } while (x != stop);
        } while (x != in_end);

        uint32_t sum = 0;
        int32_t total = 0;
        for (int rank = 15; rank != 0; rank--) {
            total += buckets[rank];
            buckets[rank] = 0;
            uint32_t v = (uint32_t)total;
            for (unsigned step = dense8_steps[rank - 1]; step != 0; step >>= 1) {
                if (step & 1u) sum += v;
                v += v;
            }
        }
        total += buckets[0];
        buckets[0] = 0;
        *out++ = (int32_t)(sum + ((uint32_t)total - ((uint32_t)total << 7)));
    } while (out != out_end);
}

/*
 * dense9: 10 inputs -> 11 sums, ternary weights, added, skipped or subtracted.
 *
 * Each half-word holds 10 base-3 digits as a fraction of 2^16: three times the fraction carries the next
 * digit into bit 16 and above. Digit 0 means -1, 1 means 0, 2 means +1. A row starts with a new half-word.
 */
static const uint16_t dense9_weights[11] = {
    0xC3F5, 0xC522, 0x258B, 0xEFE3, 0x32CD, 0x352B, 0xE7E3, 0x504C,
    0xDF46, 0x5F65, 0x44CC,
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
            const int32_t v = *x++;
            codes += codes + codes;
            if (codes >= 0x20000u) {
                sum += v;
            } else if (codes < 0x10000u) {
                sum -= v;
            }
            codes &= 0xFFFFu;
        } while (x != in_end);
        *out++ = sum;
    } while (out != out_end);
}

/* Everything between the layers; formats.h says what lies where. */
static union {
    int32_t i32[29];
    int8_t i8[116];
} arena;

int formats_infer(int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32;

    dense1(input, arena.i32 + 4, arena.i32);
    rescale(arena.i32 + 4, arena.i8 + 16, 3); /* relu1 */
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
    rescale(arena.i32, arena.i8 + 104, 9); /* relu7 */
    dense8(arena.i8 + 104, arena.i32 + 16, arena.i32);
    rescale(arena.i32 + 16, arena.i8 + 44, 10); /* relu8 */
    dense9(arena.i8 + 44, sums);

    int best = 0;
    for (int i = 1; i < 11; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

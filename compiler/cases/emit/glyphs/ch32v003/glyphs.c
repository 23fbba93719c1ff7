/* glyphs: see glyphs.h for the network, the memory map and where this comes from. */
#include "glyphs.h"

#include <stddef.h>

/* Each function has a frame of its own on the stack: inlined into one, they would add up. */
#ifdef __GNUC__
#define FUNCTION static __attribute__((noinline))
#else
#define FUNCTION static
#endif

/* Assembly needs a compiler that optimizes; others make the same of the C beside it. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_compressed)
#define ASSEMBLY
#endif

/*
 * rescale_ram: clears negative sums and shifts the others right, rounding half up, as far as the largest needs to fit in
 * seven bits. `out` may start where `in` does: every sum is read before bytes are written over it.
 */
#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void rescale_ram(const int32_t *in, int8_t *out, unsigned count)
{
    const int32_t *const in_end = in + count;
    uint32_t bits = 0; /* of all sums: together they reach as high as those of the largest */
    const int32_t *sum = in;
#ifdef ASSEMBLY
    uint32_t value, excess;
    __asm__ volatile(
        "1: lw      %[value], 0(%[sum]) \n"
        "   addi    %[sum], %[sum], 4 \n"
        "   bltz    %[value], 2f    \n"
        "   or      %[bits], %[bits], %[value] \n"
        "2: bne     %[sum], %[end], 1b \n"
        : [sum] "+&r"(sum), [bits] "+&r"(bits), [value] "=&r"(value)
        : [end] "r"(in_end)
        : "memory");
#else
    do {
        if (*sum > 0) bits |= (uint32_t)*sum;
    } while (++sum != in_end);
#endif

    unsigned shift = 0;
    while (bits >> shift > 127) shift++;
    const uint32_t half = (1u << shift) >> 1;

    /* What is rounded up to 128 becomes 127. */
#ifdef ASSEMBLY
    __asm__ volatile(
        "1: lw      %[value], 0(%[in]) \n"
        "   addi    %[in], %[in], 4 \n"
        "   bltz    %[value], 2f    \n"
        "   add     %[value], %[value], %[half] \n"
        "   srl     %[value], %[value], %[shift] \n"
        "   srli    %[excess], %[value], 7 \n"
        "   sub     %[value], %[value], %[excess] \n"
        "   sb      %[value], 0(%[out]) \n"
        "   addi    %[out], %[out], 1 \n"
        "   bne     %[in], %[end], 1b \n"
        "   j       3f              \n"
        "2: sb      zero, 0(%[out]) \n"
        "   addi    %[out], %[out], 1 \n"
        "   bne     %[in], %[end], 1b \n"
        "3:                         \n"
        : [in] "+&r"(in), [out] "+&r"(out), [value] "=&r"(value), [excess] "=&r"(excess)
        : [end] "r"(in_end), [half] "r"(half), [shift] "r"(shift)
        : "memory");
#else
    do {
        const uint32_t value = *in < 0 ? 0 : ((uint32_t)*in + half) >> shift;
        *out++ = (int8_t)(value - (value >> 7));
    } while (++in != in_end);
#endif
}

/*
 * edges, one channel: 3 x 3 windows of 12 x 12 values; 4bit weights, without a multiplication.
 *
 * A weight is a few signed binary digits, no two of them neighbours. For each digit, the highest first, the lists name the
 * taps that have it: those that add, then those that subtract. Every window doubles its sum from digit to digit.
 * A weight is stored as the number u of its level, u - 8.
 * Each word holds 2 of them, the first in the low bits; the row of a channel starts with a new word.
 */
static const uint8_t edges_weights[20] = {
    254,  77,  44, 227,   3, 235, 109, 165,
    203,   0,  46, 119,  32, 139,   2, 121,
    168,  63, 168,   6,
};

static const uint8_t edges_places[9] = {
     0,  1,  2, 12, 13, 14, 24, 25,
    26,
};

FUNCTION void edges(const int8_t *in, int16_t *out, const uint8_t *row)
{
    int8_t weights[9];
    int8_t *level = weights;
    do {
        const int8_t *const stop = weights + 9 - level < 2 ? weights + 9 : level + 2;
        uint32_t codes = *row++;
        do {
            *level++ = (int8_t)((int)(codes & 15u) - 8);
            codes >>= 4;
        } while (level != stop);
    } while (level != weights + 9);

    const uint8_t *const places = edges_places;
    uint8_t plus[9], minus[9];
    unsigned all = 0;
    for (unsigned tap = 0; tap != 9; tap++) {
        const int negative = weights[tap] < 0;
        const unsigned magnitude = (unsigned)(negative ? -weights[tap] : weights[tap]);
        const unsigned half = magnitude >> 1, sum = magnitude + half, digits = half ^ sum;
        all |= digits;
        plus[tap] = (uint8_t)(digits & (negative ? half : sum));
        minus[tap] = (uint8_t)(digits & (negative ? sum : half));
    }
    unsigned highest = 8u;
    while (highest > all) highest >>= 1;

    uint8_t lists[26];
    uint8_t *end = lists;
    for (unsigned digit = highest; digit != 0; digit >>= 1) {
        for (unsigned tap = 0; tap != 9; tap++) {
            if (plus[tap] & digit) *end++ = places[tap];
        }
        *end++ = 255u;
        for (unsigned tap = 0; tap != 9; tap++) {
            if (minus[tap] & digit) *end++ = places[tap];
        }
        *end++ = 255u;
    }

    for (unsigned band = 0; band != 120; band += 12) {
        for (unsigned corner = band; corner != band + 10; corner += 1) {
            const int8_t *const x = in + corner;
            const uint8_t *tap = lists;
            uint32_t total = 0;
            for (unsigned digit = highest; digit != 0; digit >>= 1) {
                unsigned place;
                total += total;
                while ((place = *tap++) != 255u) {
                    const int32_t v = x[place];
                    total += (uint32_t)v;
                }
                while ((place = *tap++) != 255u) {
                    const int32_t v = x[place];
                    total -= (uint32_t)v;
                }
            }
            const int32_t value = (int32_t)total;
            *out++ = (int16_t)value;
        }
    }
}

/* relu1, one channel: 100 sums, the negative ones cleared, the others shifted right. */
FUNCTION void relu1(const int16_t *in, int16_t *out)
{
    const int16_t *const end = in + 100;
    do {
        const int32_t value = *in++;
        *out++ = (int16_t)(value < 0 ? 0 : value >> 4);
    } while (in != end);
}

/*
 * dwconv1, one channel: 3 x 3 windows of 10 x 10 values; nf4 weights, without a multiplication.
 *
 * A weight is a few signed binary digits, no two of them neighbours. For each digit, the highest first, the lists name the
 * taps that have it: those that add, then those that subtract. Every window doubles its sum from digit to digit.
 * A weight is stored as the code of its level; the levels are in a table.
 * Each word holds 2 of them, the first in the low bits; the row of a channel starts with a new word.
 */
static const uint8_t dwconv1_weights[20] = {
     61,  79, 149, 119,   6,  45,  62, 235,
    233,   8, 235, 230, 133, 233,  12, 147,
     79, 121,  70,   5,
};

static const int8_t dwconv1_levels[16] = {
    -127,  -88,  -67,  -50,  -36,  -23,  -12,    0,
      10,   20,   31,   43,   56,   71,   92,  127,
};

static const uint8_t dwconv1_places[9] = {
    0, 1, 2, 3, 4, 5, 6, 7,
    8,
};

FUNCTION void dwconv1(const int16_t *in, int32_t *out, const uint8_t *row)
{
    int8_t weights[9];
    int8_t *level = weights;
    do {
        const int8_t *const stop = weights + 9 - level < 2 ? weights + 9 : level + 2;
        uint32_t codes = *row++;
        do {
            *level++ = dwconv1_levels[codes & 15u];
            codes >>= 4;
        } while (level != stop);
    } while (level != weights + 9);

    const uint8_t *const places = dwconv1_places;
    uint8_t plus[9], minus[9];
    unsigned all = 0;
    for (unsigned tap = 0; tap != 9; tap++) {
        const int negative = weights[tap] < 0;
        const unsigned magnitude = (unsigned)(negative ? -weights[tap] : weights[tap]);
        const unsigned half = magnitude >> 1, sum = magnitude + half, digits = half ^ sum;
        all |= digits;
        plus[tap] = (uint8_t)(digits & (negative ? half : sum));
        minus[tap] = (uint8_t)(digits & (negative ? sum : half));
    }
    unsigned highest = 128u;
    while (highest > all) highest >>= 1;

    uint8_t lists[52];
    uint8_t *end = lists;
    for (unsigned digit = highest; digit != 0; digit >>= 1) {
        for (unsigned tap = 0; tap != 9; tap++) {
            if (plus[tap] & digit) *end++ = places[tap];
        }
        *end++ = 255u;
        for (unsigned tap = 0; tap != 9; tap++) {
            if (minus[tap] & digit) *end++ = places[tap];
        }
        *end++ = 255u;
    }

    int16_t x[9];
    int band = -11;
    for (int top = -1; top != 9; top += 1) {
        int corner = band;
        for (int left = -1; left != 9; left += 1) {
            const uint8_t *tap = lists;
            uint32_t total = 0;
            int16_t *slot = x;
            int at = corner;
            for (int y = top; y != top + 3; y++) {
                for (int column = 0; column != 3; column++) {
                    const int inside = y >= 0 && y < 10 && left + column >= 0 && left + column < 10;
                    *slot++ = inside ? in[at + column] : 0;
                }
                at += 10;
            }
            for (unsigned digit = highest; digit != 0; digit >>= 1) {
                unsigned place;
                total += total;
                while ((place = *tap++) != 255u) {
                    const int32_t v = x[place];
                    total += (uint32_t)v;
                }
                while ((place = *tap++) != 255u) {
                    const int32_t v = x[place];
                    total -= (uint32_t)v;
                }
            }
            const int32_t value = (int32_t)total;
            *out++ = (int32_t)value;
            corner += 1;
        }
        band += 10;
    }
}

/* add1, one channel: 100 sums of two values. */
FUNCTION void add1(const int32_t *in, const int16_t *other, int32_t *out)
{
    const int32_t *const end = in + 100;
    do {
        *out++ = (int32_t)(*in++ + *other++);
    } while (in != end);
}

/* maxpool1, one channel: the largest of each 2 x 2 window of 10 x 10 values. */
FUNCTION void maxpool1(const int32_t *in, int32_t *out)
{
    for (unsigned band = 0; band != 100; band += 20) {
        for (unsigned corner = band; corner != band + 10; corner += 2) {
            int32_t best = in[corner];
            for (unsigned line = corner; line != corner + 20; line += 10) {
                for (unsigned at = line; at != line + 2; at++) {
                    if (in[at] > best) best = in[at];
                }
            }
            *out++ = (int32_t)best;
        }
    }
}

/* relu2, one channel: 25 sums, the negative ones cleared, the others shifted right. */
FUNCTION void relu2(const int32_t *in, uint16_t *out)
{
    const int32_t *const end = in + 25;
    do {
        const int32_t value = *in++;
        *out++ = (uint16_t)(value < 0 ? 0 : value >> 4);
    } while (in != end);
}

/*
 * conv2, one channel: 2 x 2 windows of 5 x 5 values, 4 channels of it, stride 2; ternary weights, without a multiplication.
 *
 * A weight is a few signed binary digits, no two of them neighbours. For each digit, the highest first, the lists name the
 * taps that have it: those that add, then those that subtract. Every window doubles its sum from digit to digit.
 * A weight is stored as the number u of its level, u - 1.
 * Each word holds 10 of them, base-3 digits of a fraction of 2^16; the row of a channel starts with a new word.
 */
static const uint16_t conv2_weights[12] = {
    0xC1FC, 0x1082, 0xE117, 0xD367, 0xA697, 0x5DC3, 0xA235, 0x73E3,
    0x70D2, 0xA99D, 0x76A5, 0x0B97,
};

static const uint8_t conv2_places[4] = {
    0, 1, 5, 6,
};

FUNCTION void conv2(const uint16_t *in, int32_t *out, const uint16_t *row)
{
    int8_t weights[16];
    int8_t *level = weights;
    do {
        const int8_t *const stop = weights + 16 - level < 10 ? weights + 16 : level + 10;
        uint32_t codes = *row++;
        do {
            codes += codes + codes;
            *level++ = (int8_t)((int)(codes >> 16) - 1);
            codes &= 0xFFFFu;
        } while (level != stop);
    } while (level != weights + 16);

    const uint8_t *const places = conv2_places;
    uint8_t plus[16], minus[16];
    unsigned all = 0;
    for (unsigned tap = 0; tap != 16; tap++) {
        const int negative = weights[tap] < 0;
        const unsigned magnitude = (unsigned)(negative ? -weights[tap] : weights[tap]);
        const unsigned half = magnitude >> 1, sum = magnitude + half, digits = half ^ sum;
        all |= digits;
        plus[tap] = (uint8_t)(digits & (negative ? half : sum));
        minus[tap] = (uint8_t)(digits & (negative ? sum : half));
    }
    unsigned highest = 1u;
    while (highest > all) highest >>= 1;

    uint8_t lists[24];
    uint8_t *end = lists;
    for (unsigned first = 0; first != 16; first += 4) {
        for (unsigned digit = highest; digit != 0; digit >>= 1) {
            for (unsigned tap = 0; tap != 4; tap++) {
                if (plus[first + tap] & digit) *end++ = places[tap];
            }
            *end++ = 255u;
            for (unsigned tap = 0; tap != 4; tap++) {
                if (minus[first + tap] & digit) *end++ = places[tap];
            }
            *end++ = 255u;
        }
    }

    for (unsigned band = 0; band != 20; band += 10) {
        for (unsigned corner = band; corner != band + 4; corner += 2) {
            const uint16_t *const x = in + corner;
            const uint8_t *tap = lists;
            uint32_t total = 0;
            for (unsigned plane = 0; plane != 100; plane += 25) {
                uint32_t part = 0;
                for (unsigned digit = highest; digit != 0; digit >>= 1) {
                    unsigned place;
                    part += part;
                    while ((place = *tap++) != 255u) {
                        const int32_t v = x[plane + place];
                        part += (uint32_t)v;
                    }
                    while ((place = *tap++) != 255u) {
                        const int32_t v = x[plane + place];
                        part -= (uint32_t)v;
                    }
                }
                total += part;
            }
            const int32_t value = (int32_t)total;
            *out++ = (int32_t)value;
        }
    }
}

/* rescale_in_place: clears negative sums and rescales the others to seven bits. */
FUNCTION void rescale_in_place(const int32_t *in, int8_t *out, unsigned count)
{
    rescale_ram(in, out, count);
}

/* avgpool1, one channel: the mean of each 2 x 2 window of 2 x 2 values, rounded down. */
FUNCTION void avgpool1(const int8_t *in, int8_t *out)
{
    for (unsigned band = 0; band != 4; band += 4) {
        for (unsigned corner = band; corner != band + 2; corner += 2) {
            int32_t sum = 0;
            for (unsigned line = corner; line != corner + 4; line += 2) {
                for (unsigned at = line; at != line + 2; at++) {
                    sum += in[at];
                }
            }
            *out++ = (int8_t)(sum >> 2);
        }
    }
}

/*
 * dense1: 6 inputs -> 3 sums, 4bit weights, by shifts and adds.
 *
 * Each word holds 8 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * b0 + 2*b1 + 4*b2 - 8*b3: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense1_weights[3] = {
    0x0007A036, 0x009A4394, 0x003E37ED,
};

FUNCTION void dense1(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 6;
    const int32_t *const out_end = out + 3;
    const uint32_t *words = dense1_weights;

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

/* Everything between the layers; glyphs.h says what lies where. */
static union {
    int32_t i32[300];
    int16_t i16[600];
    uint16_t u16[600];
    int8_t i8[1200];
} arena;

int glyphs_infer(const int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32;

    {
        const uint8_t *edges_row = edges_weights;
        const uint8_t *dwconv1_row = dwconv1_weights;
        uint16_t *relu2_out = arena.u16 + 500;
        for (unsigned channels = 4; channels != 0; channels--) {
            edges(input, arena.i16 + 400, edges_row);
            relu1(arena.i16 + 400, arena.i16 + 200);
            dwconv1(arena.i16 + 200, arena.i32, dwconv1_row);
            add1(arena.i32, arena.i16 + 400, arena.i32 + 100);
            maxpool1(arena.i32 + 100, arena.i32);
            relu2(arena.i32, relu2_out);
            edges_row += 5;
            dwconv1_row += 5;
            relu2_out += 25;
        }
    }
    {
        int32_t *conv2_out = arena.i32;
        const uint16_t *conv2_row = conv2_weights;
        for (unsigned channels = 6; channels != 0; channels--) {
            conv2(arena.u16 + 500, conv2_out, conv2_row);
            conv2_out += 4;
            conv2_row += 2;
        }
    }
    rescale_in_place(arena.i32, arena.i8, 24); /* relu3 */
    {
        const int8_t *avgpool1_in = arena.i8;
        int8_t *avgpool1_out = arena.i8 + 24;
        for (unsigned channels = 6; channels != 0; channels--) {
            avgpool1(avgpool1_in, avgpool1_out);
            avgpool1_in += 4;
            avgpool1_out += 1;
        }
    }
    dense1(arena.i8 + 24, sums);

    int best = 0;
    for (int i = 1; i < 3; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

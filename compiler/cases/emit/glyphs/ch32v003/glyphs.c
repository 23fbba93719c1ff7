/* glyphs: see glyphs.h for the network, the memory map and where this comes from. */
#include "glyphs.h"

#include <stddef.h>

/* Each function has a frame of its own on the stack: inlined into one, they would add up. */
#ifdef __GNUC__
#define FUNCTION static __attribute__((noinline))
#else
#define FUNCTION static
#endif

/* The value, but not where it is from: of sums and steps compilers would make products, which are calls on this chip. */
#if defined(__clang__) || (defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__))
#define HIDDEN(value) __extension__({ __typeof__((value) + 0) hidden = (value); __asm__("" : "+r"(hidden)); hidden; })
#else
#define HIDDEN(value) (value)
#endif

/* Assembly needs a compiler that optimizes; others make the same of the C beside it. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_compressed)
#define ASSEMBLY
#endif

/*
 * rescale_ram: clears negative sums and shifts the others right, rounding half up, as far as the largest needs to fit in
 * 7 bits. `out` may start where `in` does: every sum is read before bytes are written over it.
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
    "1:  lw      %[value], 0(%[sum])\n"
    "    addi    %[sum], %[sum], 4\n"
    "    bltz    %[value], 2f\n"
    "    or      %[bits], %[bits], %[value]\n"
    "2:  bne     %[sum], %[end], 1b\n"
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

    /* What is rounded up to one bit more saturates. */
#ifdef ASSEMBLY
__asm__ volatile(
    "1:  lw      %[value], 0(%[in])\n"
    "    addi    %[in], %[in], 4\n"
    "    bltz    %[value], 2f\n"
    "    add     %[value], %[value], %[half]\n"
    "    srl     %[value], %[value], %[shift]\n"
    "    srli    %[excess], %[value], 7\n"
    "    sub     %[value], %[value], %[excess]\n"
    "    sb      %[value], 0(%[out])\n"
    "    addi    %[out], %[out], 1\n"
    "    bne     %[in], %[end], 1b\n"
    "    j       3f\n"
    "2:  sb      zero, 0(%[out])\n"
    "    addi    %[out], %[out], 1\n"
    "    bne     %[in], %[end], 1b\n"
    "3:\n"
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
 * add_products: looks up the products of the inputs between `table` and `end` by the codes of their weights, and adds them to
 * the sums of 8 units at a time. After the products of an input comes the place of its weights, in bytes.
 */
FUNCTION void add_products(const int16_t *table, const int16_t *end, const uint32_t *weights, int32_t *sums, unsigned groups)
{
#ifdef ASSEMBLY
    uint32_t frame[9];
    register const int16_t *a0 __asm__("a0") = table;
    register const int16_t *a1 __asm__("a1") = end;
    register const uint32_t *a2 __asm__("a2") = weights;
    register int32_t *a3 __asm__("a3") = sums;
    register unsigned a4 __asm__("a4") = groups;
    register uint32_t *a5 __asm__("a5") = frame;
__asm__ volatile(
    /* a1 table of an input    a2 end of the tables    a3 weights of the group    s0 codes    s1 place of a product */
    /* ra sum 0  tp sum 1  t0 sum 2  t1 sum 3  t2 sum 4  a0 sum 5  a4 sum 6  a5 sum 7 */

    /* Codes are moved to where, with zeros around, they are twice themselves: the place of a product of two bytes. Inputs */
    /* are taken two at a time, beginning with the second of a pair when their number is odd. */
    "    sw      s0, 16(a5)\n"
    "    sw      s1, 20(a5)\n"
    "    sw      ra, 24(a5)\n"
    "    sw      tp, 28(a5)\n"
    "    sw      sp, 32(a5)\n"
    "    mv      sp, a5\n"
    "    sub     s0, a1, a0\n" /* the number of inputs is odd when that of words is */
    "    andi    s0, s0, 4\n"
    "    beqz    s0, 1f\n"
    "    addi    a0, a0, -36\n"
    "1:  sw      s0, 12(sp)\n"
    "    sw      a0, 0(sp)\n"
    "    sw      a3, 4(sp)\n"
    "    sw      a4, 8(sp)\n"
    "    mv      a3, a2\n"
    "    mv      a2, a1\n"
    "2:  lw      s0, 4(sp)\n" /* a group */
    "    lw      a1, 0(sp)\n"
    "    lw      s1, 12(sp)\n"
    "    lw      ra, 0(s0)\n"
    "    lw      tp, 4(s0)\n"
    "    lw      t0, 8(s0)\n"
    "    lw      t1, 12(s0)\n"
    "    lw      t2, 16(s0)\n"
    "    lw      a0, 20(s0)\n"
    "    lw      a4, 24(s0)\n"
    "    lw      a5, 28(s0)\n"
    "    bnez    s1, 4f\n"
    "    .balign 4\n"
    "3:  lhu     s1, 32(a1)\n" /* the first input */
    "    add     s1, s1, a3\n"
    "    lw      s0, 0(s1)\n"
    "    slli    s1, s0, 1\n"
    "    andi    s1, s1, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     ra, ra, s1\n"
    "    srli    s0, s0, 3\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t1, t1, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a5, a5, s1\n"
    "4:  lhu     s1, 68(a1)\n" /* the second input */
    "    add     s1, s1, a3\n"
    "    lw      s0, 0(s1)\n"
    "    slli    s1, s0, 1\n"
    "    andi    s1, s1, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     ra, ra, s1\n"
    "    srli    s0, s0, 3\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     t1, t1, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 36(s1)\n"
    "    add     a5, a5, s1\n"
    "    addi    a1, a1, 72\n"
    "    bne     a1, a2, 3b\n"
    "    lw      s0, 4(sp)\n"
    "    sw      ra, 0(s0)\n"
    "    sw      tp, 4(s0)\n"
    "    sw      t0, 8(s0)\n"
    "    sw      t1, 12(s0)\n"
    "    sw      t2, 16(s0)\n"
    "    sw      a0, 20(s0)\n"
    "    sw      a4, 24(s0)\n"
    "    sw      a5, 28(s0)\n"
    "    addi    s0, s0, 32\n"
    "    sw      s0, 4(sp)\n"
    "    addi    a3, a3, 4\n"
    "    lw      s0, 8(sp)\n"
    "    addi    s0, s0, -1\n"
    "    sw      s0, 8(sp)\n"
    "    bnez    s0, 2b\n"
    "    mv      a5, sp\n"
    "    lw      s0, 16(a5)\n"
    "    lw      s1, 20(a5)\n"
    "    lw      ra, 24(a5)\n"
    "    lw      tp, 28(a5)\n"
    "    lw      sp, 32(a5)\n"
    : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5)
    :
    : "t0", "t1", "t2", "memory");
#else
    do {
        for (const int16_t *products = table; products != end; products += 18) {
            const uint32_t *word = weights + ((uint16_t)products[16] >> 2);
            uint32_t codes = *word;
            for (unsigned i = 0; i != 8; i++) {
                sums[i] += products[codes & 15u];
                codes >>= 4;
            }
        }
        weights += 1;
        sums += 8;
    } while (--groups != 0);
#endif
}

/*
 * add_4bit_inputs: adds inputs times their weights in 4bit to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_4bit_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

FUNCTION void add_4bit_inputs(const struct add_4bit_inputs *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                products[0] = 0;
                const uint32_t x1 = (uint32_t)d;
                products[1] = (int16_t)x1;
                products[15] = (int16_t)(0u - x1);
                const uint32_t x2 = x1 + HIDDEN(x1);
                products[2] = (int16_t)x2;
                products[14] = (int16_t)(0u - x2);
                const uint32_t x3 = x1 + HIDDEN(x2);
                products[3] = (int16_t)x3;
                products[13] = (int16_t)(0u - x3);
                const uint32_t x4 = x1 + HIDDEN(x3);
                products[4] = (int16_t)x4;
                products[12] = (int16_t)(0u - x4);
                const uint32_t x5 = x1 + HIDDEN(x4);
                products[5] = (int16_t)x5;
                products[11] = (int16_t)(0u - x5);
                const uint32_t x6 = x1 + HIDDEN(x5);
                products[6] = (int16_t)x6;
                products[10] = (int16_t)(0u - x6);
                const uint32_t x7 = x1 + HIDDEN(x6);
                products[7] = (int16_t)x7;
                products[9] = (int16_t)(0u - x7);
                const uint32_t x8 = x1 + HIDDEN(x7);
                products[8] = (int16_t)(0u - x8);
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
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

/* rescale_in_place: clears negative sums and rescales the others to 7 bits. */
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
 * dense1: 6 inputs -> 3 sums, 4bit weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense1_weights[6] = {
    0x00000D46, 0x00000E93, 0x00000730, 0x0000034A, 0x00000EA7, 0x00000390,
};

FUNCTION void dense1(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 8);
    for (unsigned i = 0; i != 8; i++) sums[i] = 0;

    const struct add_4bit_inputs job = {
        in, in + 6, 0, dense1_weights, 4, 1, sums, products, products + 144,
    };
    add_4bit_inputs(&job);

    for (unsigned i = 0; i != 3; i++) out[i] = sums[i];
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
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 80;

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
        int8_t *avgpool1_out = arena.i8 + 332;
        for (unsigned channels = 6; channels != 0; channels--) {
            avgpool1(avgpool1_in, avgpool1_out);
            avgpool1_in += 4;
            avgpool1_out += 1;
        }
    }
    dense1(arena.i8 + 332, sums, arena.i32);

    int best = 0;
    for (int i = 1; i < 3; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

/* formats: see formats.h for the network, the memory map and where this comes from. */
#include "formats.h"

#include <stddef.h>

#ifndef __has_attribute
#define __has_attribute(attribute) 0
#endif

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

/* There is one of it, whatever its arguments. */
#if __has_attribute(noclone)
#define SINGLE __attribute__((noclone))
#else
#define SINGLE
#endif

/* Those that call it know nothing of what is in it. */
#if __has_attribute(noipa)
#define OPAQUE __attribute__((noipa))
#else
#define OPAQUE
#endif

/* Assembly needs a compiler that optimizes; others make the same of the C beside it. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_compressed)
#define ASSEMBLY
#endif

/* Nothing but the assembly in it, which reads arguments unseen, whatever else functions are to have. */
#if __has_attribute(no_stack_protector)
#define NAKED OPAQUE __attribute__((naked, no_instrument_function, no_stack_protector))
#else
#define NAKED OPAQUE __attribute__((naked, no_instrument_function))
#ifdef __SSP_ALL__
#undef ASSEMBLY
#endif
#endif
#ifdef ASSEMBLY
#pragma GCC diagnostic ignored "-Wunused-parameter"
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
 * add_4bitsym_inputs: adds inputs times their weights in 4bitsym to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_4bitsym_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

FUNCTION void add_4bitsym_inputs(const struct add_4bitsym_inputs *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                const uint32_t x1 = (uint32_t)d;
                products[0] = (int16_t)x1;
                products[8] = (int16_t)(0u - x1);
                const uint32_t x3 = (x1 << 1) + HIDDEN(x1);
                products[1] = (int16_t)x3;
                products[9] = (int16_t)(0u - x3);
                const uint32_t x5 = (x1 << 1) + HIDDEN(x3);
                products[2] = (int16_t)x5;
                products[10] = (int16_t)(0u - x5);
                const uint32_t x7 = (x1 << 1) + HIDDEN(x5);
                products[3] = (int16_t)x7;
                products[11] = (int16_t)(0u - x7);
                const uint32_t x9 = (x1 << 1) + HIDDEN(x7);
                products[4] = (int16_t)x9;
                products[12] = (int16_t)(0u - x9);
                const uint32_t x11 = (x1 << 1) + HIDDEN(x9);
                products[5] = (int16_t)x11;
                products[13] = (int16_t)(0u - x11);
                const uint32_t x13 = (x1 << 1) + HIDDEN(x11);
                products[6] = (int16_t)x13;
                products[14] = (int16_t)(0u - x13);
                const uint32_t x15 = (x1 << 1) + HIDDEN(x13);
                products[7] = (int16_t)x15;
                products[15] = (int16_t)(0u - x15);
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_digit_products: looks up the products of the inputs between `table` and `end` by the codes of their weights, and adds them to
 * the sums of 8 units at a time. After the products of an input comes the place of its weights, in bytes.
 */
FUNCTION void add_digit_products(const int16_t *table, const int16_t *end, const uint32_t *weights, int32_t *sums, unsigned groups)
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
    "    addi    a0, a0, -68\n"
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
    "3:  lhu     s1, 64(a1)\n" /* the first input */
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
    "    lh      s1, 32(s1)\n"
    "    add     ra, ra, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t1, t1, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     t1, t1, s1\n"
    "    lhu     s1, 64(a1)\n"
    "    add     s1, s1, a3\n"
    "    lw      s0, 4(s1)\n"
    "    slli    s1, s0, 1\n"
    "    andi    s1, s1, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 3\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 0(s1)\n"
    "    add     a5, a5, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 32(s1)\n"
    "    add     a5, a5, s1\n"
    "4:  lhu     s1, 132(a1)\n" /* the second input */
    "    add     s1, s1, a3\n"
    "    lw      s0, 0(s1)\n"
    "    slli    s1, s0, 1\n"
    "    andi    s1, s1, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     ra, ra, s1\n"
    "    srli    s0, s0, 3\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     ra, ra, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     tp, tp, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     t0, t0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     t1, t1, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     t1, t1, s1\n"
    "    lhu     s1, 132(a1)\n"
    "    add     s1, s1, a3\n"
    "    lw      s0, 4(s1)\n"
    "    slli    s1, s0, 1\n"
    "    andi    s1, s1, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 3\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     t2, t2, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     a0, a0, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     a4, a4, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 68(s1)\n"
    "    add     a5, a5, s1\n"
    "    srli    s0, s0, 4\n"
    "    andi    s1, s0, 30\n"
    "    add     s1, s1, a1\n"
    "    lh      s1, 100(s1)\n"
    "    add     a5, a5, s1\n"
    "    addi    a1, a1, 136\n"
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
    "    addi    a3, a3, 8\n"
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
        for (const int16_t *products = table; products != end; products += 34) {
            const uint32_t *word = weights + ((uint16_t)products[32] >> 2);
            for (unsigned i = 0; i != 8; i += 4) {
                uint32_t digits = *word++;
                for (unsigned k = i; k != i + 4; k++) {
                    sums[k] += products[digits & 15u] + products[16u + (digits >> 4 & 15u)];
                    digits >>= 8;
                }
            }
        }
        weights += 2;
        sums += 8;
    } while (--groups != 0);
#endif
}

/*
 * add_8bit_inputs: adds inputs times their weights in 8bit to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all digits at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_8bit_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 32 products and the place of its weights, filled up to 34 */
};

FUNCTION void add_8bit_inputs(const struct add_8bit_inputs *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                products[0] = 0;
                products[16] = 0;
                const uint32_t x1 = (uint32_t)d;
                products[1] = (int16_t)x1;
                const uint32_t x2 = x1 + HIDDEN(x1);
                products[2] = (int16_t)x2;
                const uint32_t x3 = x1 + HIDDEN(x2);
                products[3] = (int16_t)x3;
                const uint32_t x4 = x1 + HIDDEN(x3);
                products[4] = (int16_t)x4;
                const uint32_t x5 = x1 + HIDDEN(x4);
                products[5] = (int16_t)x5;
                const uint32_t x6 = x1 + HIDDEN(x5);
                products[6] = (int16_t)x6;
                const uint32_t x7 = x1 + HIDDEN(x6);
                products[7] = (int16_t)x7;
                const uint32_t x8 = x1 + HIDDEN(x7);
                products[8] = (int16_t)x8;
                const uint32_t x9 = x1 + HIDDEN(x8);
                products[9] = (int16_t)x9;
                const uint32_t x10 = x1 + HIDDEN(x9);
                products[10] = (int16_t)x10;
                const uint32_t x11 = x1 + HIDDEN(x10);
                products[11] = (int16_t)x11;
                const uint32_t x12 = x1 + HIDDEN(x11);
                products[12] = (int16_t)x12;
                const uint32_t x13 = x1 + HIDDEN(x12);
                products[13] = (int16_t)x13;
                const uint32_t x14 = x1 + HIDDEN(x13);
                products[14] = (int16_t)x14;
                const uint32_t x15 = x1 + HIDDEN(x14);
                products[15] = (int16_t)x15;
                const uint32_t x16 = x1 + HIDDEN(x15);
                products[17] = (int16_t)x16;
                products[31] = (int16_t)(0u - x16);
                const uint32_t x32 = (x1 << 5);
                products[18] = (int16_t)x32;
                products[30] = (int16_t)(0u - x32);
                const uint32_t x48 = (x3 << 4);
                products[19] = (int16_t)x48;
                products[29] = (int16_t)(0u - x48);
                const uint32_t x64 = (x1 << 6);
                products[20] = (int16_t)x64;
                products[28] = (int16_t)(0u - x64);
                const uint32_t x80 = (x5 << 4);
                products[21] = (int16_t)x80;
                products[27] = (int16_t)(0u - x80);
                const uint32_t x96 = (x3 << 5);
                products[22] = (int16_t)x96;
                products[26] = (int16_t)(0u - x96);
                const uint32_t x112 = (x7 << 4);
                products[23] = (int16_t)x112;
                products[25] = (int16_t)(0u - x112);
                const uint32_t x128 = (x1 << 7);
                products[24] = (int16_t)(0u - x128);
                products[32] = (int16_t)place;
                products += 34;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_digit_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_products_ram: looks up the products of the inputs between `table` and `end` by the codes of their weights, and adds them to
 * the sums of 8 units at a time. After the products of an input comes the place of its weights, in bytes.
 */
#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void add_products_ram(const int16_t *table, const int16_t *end, const uint32_t *weights, int32_t *sums, unsigned groups)
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
 * add_fp130_inputs_ram: adds inputs times their weights in fp130 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_fp130_inputs_ram {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void add_fp130_inputs_ram(const struct add_fp130_inputs_ram *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                #ifdef ASSEMBLY
                /*
                 * Two products to a word: a positive d and its double, then the same shifted by two places. Subtracted from 0x10000 the
                 * word is that of their negatives, since the lower one always borrows.
                 */
                const int32_t distance = d < 0 ? -d : d;
                int16_t *const positive = d < 0 ? products + 8 : products;
                int16_t *const negative = d < 0 ? products : products + 8;
                int32_t pair = distance << 0 | distance << 17, opposite;
                __asm__ volatile(
                    "    sw      %[pair], 0(%[positive])\n"
                    "    sub     %[opposite], %[borrowed], %[pair]\n"
                    "    sw      %[opposite], 0(%[negative])\n"
                    "    slli    %[pair], %[pair], 2\n"
                    "    sw      %[pair], 4(%[positive])\n"
                    "    sub     %[opposite], %[borrowed], %[pair]\n"
                    "    sw      %[opposite], 4(%[negative])\n"
                    "    slli    %[pair], %[pair], 2\n"
                    "    sw      %[pair], 8(%[positive])\n"
                    "    sub     %[opposite], %[borrowed], %[pair]\n"
                    "    sw      %[opposite], 8(%[negative])\n"
                    "    slli    %[pair], %[pair], 2\n"
                    "    sw      %[pair], 12(%[positive])\n"
                    "    sub     %[opposite], %[borrowed], %[pair]\n"
                    "    sw      %[opposite], 12(%[negative])\n"
                    : [pair] "+&r"(pair), [opposite] "=&r"(opposite)
                    : [positive] "r"(positive), [negative] "r"(negative), [borrowed] "r"(0x10000)
                    : "memory");
                #else
                uint32_t product = (uint32_t)d;
                for (unsigned exponent = 0; exponent != 8; exponent++) {
                    products[exponent] = (int16_t)product;
                    products[8 + exponent] = (int16_t)(0u - product);
                    product += product;
                }
                #endif
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products_ram(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_nf4_inputs_ram: adds inputs times their weights in nf4 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_nf4_inputs_ram {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void add_nf4_inputs_ram(const struct add_nf4_inputs_ram *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                products[7] = 0;
                const uint32_t x1 = (uint32_t)d;
                const uint32_t x127 = (x1 << 7) - HIDDEN(x1);
                products[15] = (int16_t)x127;
                products[0] = (int16_t)(0u - x127);
                const uint32_t x31 = (x1 << 5) - HIDDEN(x1);
                products[10] = (int16_t)x31;
                const uint32_t x8 = (x1 << 3);
                const uint32_t x23 = x31 - HIDDEN(x8);
                products[5] = (int16_t)(0u - x23);
                const uint32_t x92 = (x23 << 2);
                products[14] = (int16_t)x92;
                const uint32_t x36 = (x1 << 7) - HIDDEN(x92);
                products[4] = (int16_t)(0u - x36);
                const uint32_t x67 = x31 + HIDDEN(x36);
                products[2] = (int16_t)(0u - x67);
                const uint32_t x56 = x92 - HIDDEN(x36);
                products[12] = (int16_t)x56;
                const uint32_t x20 = x56 - HIDDEN(x36);
                products[9] = (int16_t)x20;
                const uint32_t x12 = x20 - HIDDEN(x8);
                products[6] = (int16_t)(0u - x12);
                const uint32_t x43 = x31 + HIDDEN(x12);
                products[11] = (int16_t)x43;
                const uint32_t x71 = x127 - HIDDEN(x56);
                products[13] = (int16_t)x71;
                const uint32_t x88 = (x1 << 5) + HIDDEN(x56);
                products[1] = (int16_t)(0u - x88);
                const uint32_t x50 = (x31 << 1) - HIDDEN(x12);
                products[3] = (int16_t)(0u - x50);
                const uint32_t x10 = (x1 << 1) + HIDDEN(x8);
                products[8] = (int16_t)x10;
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products_ram(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_pow2_inputs_ram: adds inputs times their weights in pow2 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_pow2_inputs_ram {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void add_pow2_inputs_ram(const struct add_pow2_inputs_ram *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                products[8] = 0;
                const uint32_t x1 = (uint32_t)d;
                products[9] = (int16_t)x1;
                products[7] = (int16_t)(0u - x1);
                const uint32_t x128 = (x1 << 7);
                products[0] = (int16_t)(0u - x128);
                const uint32_t x64 = (x1 << 6);
                products[15] = (int16_t)x64;
                products[1] = (int16_t)(0u - x64);
                const uint32_t x32 = (x1 << 5);
                products[14] = (int16_t)x32;
                products[2] = (int16_t)(0u - x32);
                const uint32_t x16 = (x1 << 4);
                products[13] = (int16_t)x16;
                products[3] = (int16_t)(0u - x16);
                const uint32_t x8 = (x1 << 3);
                products[12] = (int16_t)x8;
                products[4] = (int16_t)(0u - x8);
                const uint32_t x4 = (x1 << 2);
                products[11] = (int16_t)x4;
                products[5] = (int16_t)(0u - x4);
                const uint32_t x2 = x1 + HIDDEN(x1);
                products[10] = (int16_t)x2;
                products[6] = (int16_t)(0u - x2);
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products_ram(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/* Inputs that are listed by their binary digits. */
struct digits {
    const int8_t *x; /* the next input to be listed */
    const int8_t *end; /* of the inputs */
    uint32_t index; /* the number of *x, below 256 */
    int32_t zero_point;
    uint8_t *lists; /* list 0 is of ones */
    uint8_t *ends[8];
    uint32_t capacity; /* how many inputs each list has room for */
};

/* walk_words: the loop of the function below, which says what the registers hold. */
#ifdef ASSEMBLY
NAKED
FUNCTION void walk_words(void)
{
__asm__(
    "    .balign 4\n"
    "    j       2f\n"
    "1:  lw      s1, 0(a1)\n" /* four inputs */
    "    bne     a0, s1, 3f\n"
    "    addi    a1, a1, 4\n"
    "    addi    s0, s0, 4\n"
    "2:  lw      s1, 4(sp)\n"
    "    bltu    a1, s1, 1b\n"
    "    j       14f\n"
    "3:  bltz    s0, 14f\n" /* no room for all of them */
    "    .balign 4\n"
    "4:  lb      s1, 0(a1)\n" /* one input: its digits from the highest down */
    "    beq     s1, t0, 13f\n"
    "    sub     s1, s1, t0\n"
    "    bltz    s1, 14f\n"
    "    slli    s1, s1, 24\n"
    "    bgez    s1, 5f\n"
    "    sb      s0, 0(a5)\n"
    "    addi    a5, a5, 1\n"
    "5:  slli    s1, s1, 1\n"
    "    bgez    s1, 6f\n"
    "    sb      s0, 0(a4)\n"
    "    addi    a4, a4, 1\n"
    "6:  slli    s1, s1, 1\n"
    "    bgez    s1, 7f\n"
    "    sb      s0, 0(a3)\n"
    "    addi    a3, a3, 1\n"
    "7:  slli    s1, s1, 1\n"
    "    bgez    s1, 8f\n"
    "    sb      s0, 0(a2)\n"
    "    addi    a2, a2, 1\n"
    "8:  slli    s1, s1, 1\n"
    "    bgez    s1, 9f\n"
    "    sb      s0, 0(t2)\n"
    "    addi    t2, t2, 1\n"
    "9:  slli    s1, s1, 1\n"
    "    bgez    s1, 10f\n"
    "    sb      s0, 0(t1)\n"
    "    addi    t1, t1, 1\n"
    "10: slli    s1, s1, 1\n"
    "    bgez    s1, 11f\n"
    "    sb      s0, 0(tp)\n"
    "    addi    tp, tp, 1\n"
    "11: slli    s1, s1, 1\n"
    "    bgez    s1, 12f\n"
    "    sb      s0, 0(ra)\n"
    "    addi    ra, ra, 1\n"
    "12: slli    s1, s1, 1\n"
    "    lui     s1, 16\n"
    "    sub     s0, s0, s1\n"
    "13: addi    s0, s0, 1\n"
    "    addi    a1, a1, 1\n"
    "    andi    s1, a1, 3\n"
    "    bnez    s1, 4b\n"
    "    j       2b\n"
    "14: lw      s1, 28(sp)\n"
    "    jr      s1\n"
);
}
#endif

#ifdef ASSEMBLY
/*
 * list_words: lists inputs, four at a time, while there is room for as many in every list; returns how much room is left. Also
 * stops where fewer are left and at an input that is below the zero point.
 */
SINGLE
FUNCTION uint32_t list_words(struct digits *digits, uint32_t room)
{
    struct {
        uint32_t digits;
        uint32_t end; /* of whole words of inputs */
        uint32_t s0;
        uint32_t s1;
        uint32_t ra;
        uint32_t tp;
        uint32_t sp;
        uint32_t resume; /* where to go on */
    } frame;
    register struct digits *a0 __asm__("a0") = digits;
    register void *a1 __asm__("a1") = &frame;
    register uint32_t a2 __asm__("a2") = room;
__asm__ volatile(
    /* a1 next input    s0 its number, and room - 4 in the high half    s1 the input, and scratch    t0 zero point */
    /* a0 zero point, four times    ra, tp, t1, t2, a2, a3, a4, a5 ends of the lists 0 to 7 */
    "    sw      s0, 8(a1)\n"
    "    sw      s1, 12(a1)\n"
    "    sw      ra, 16(a1)\n"
    "    sw      tp, 20(a1)\n"
    "    sw      sp, 24(a1)\n"
    "    mv      sp, a1\n"
    "    sw      a0, 0(sp)\n"
    "    lw      s1, 4(a0)\n"
    "    addi    s1, s1, -3\n"
    "    sw      s1, 4(sp)\n"
    "    lw      s0, 8(a0)\n"
    "    addi    a2, a2, -4\n"
    "    slli    a2, a2, 16\n"
    "    or      s0, s0, a2\n"
    "    lw      a1, 0(a0)\n"
    "    lw      ra, 20(a0)\n"
    "    lw      tp, 24(a0)\n"
    "    lw      t1, 28(a0)\n"
    "    lw      t2, 32(a0)\n"
    "    lw      a2, 36(a0)\n"
    "    lw      a3, 40(a0)\n"
    "    lw      a4, 44(a0)\n"
    "    lw      a5, 48(a0)\n"
    "    lw      t0, 12(a0)\n"
    "    andi    a0, t0, 255\n"
    "    slli    s1, a0, 8\n"
    "    or      a0, a0, s1\n"
    "    slli    s1, a0, 16\n"
    "    or      a0, a0, s1\n"
    "    la      s1, 1f\n"
    "    sw      s1, 28(sp)\n"
    "    lui     s1, %%hi(%[walk_words])\n"
    "    jr      %%lo(%[walk_words])(s1)\n"
    "1:  lw      a0, 0(sp)\n"
    "    sw      a1, 0(a0)\n"
    "    sw      ra, 20(a0)\n"
    "    sw      tp, 24(a0)\n"
    "    sw      t1, 28(a0)\n"
    "    sw      t2, 32(a0)\n"
    "    sw      a2, 36(a0)\n"
    "    sw      a3, 40(a0)\n"
    "    sw      a4, 44(a0)\n"
    "    sw      a5, 48(a0)\n"
    "    slli    s1, s0, 16\n"
    "    srli    s1, s1, 16\n"
    "    sw      s1, 8(a0)\n"
    "    srai    a2, s0, 16\n"
    "    addi    a2, a2, 4\n"
    "    mv      a1, sp\n"
    "    lw      s0, 8(a1)\n"
    "    lw      s1, 12(a1)\n"
    "    lw      ra, 16(a1)\n"
    "    lw      tp, 20(a1)\n"
    "    lw      sp, 24(a1)\n"
    : "+r"(a0), "+r"(a1), "+r"(a2)
    : [walk_words] "i"(walk_words)
    : "t1", "t2", "a3", "a4", "a5", "t0", "memory");
    return a2;
}
#endif

/*
 * list_digits: lists for each binary digit of the next inputs which of them have it.
 *
 * An input counts as what it is above the zero point, so that an input that equals it is in no list. The walk
 * stops at the end of the inputs, when lists have no room for 4 more, and at an input that is below the zero point.
 */
FUNCTION void list_digits(struct digits *digits)
{
    const int capacity = (int)digits->capacity;
    uint8_t *list = digits->lists;
    for (unsigned digit = 0; digit != 8; digit++, list += capacity) digits->ends[digit] = list;

    /* Room for as many inputs as the fullest list takes; it is looked up only when it might be used up. */
    int room = capacity;
    while (digits->x != digits->end && *digits->x >= digits->zero_point) {
        if (room < 4) {
            room = capacity;
            list = digits->lists + capacity;
            for (unsigned digit = 0; digit != 8; digit++, list += capacity) {
                if (list - digits->ends[digit] < room) room = (int)(list - digits->ends[digit]);
            }
            if (room < 4) return;
        }
#ifdef ASSEMBLY
        if (((uintptr_t)digits->x & 3u) == 0 && digits->end - digits->x >= 4) {
            room = (int)list_words(digits, (uint32_t)room);
            continue;
        }
#endif
        uint32_t above = (uint32_t)(*digits->x++ - digits->zero_point);
        if (above != 0) room--;
        for (uint8_t **end = digits->ends; above != 0; end++) {
            if (above & 1u) *(*end)++ = (uint8_t)digits->index;
            above >>= 1;
        }
        digits->index++;
    }
}

/* digit_total: what the digits in the lists from `first` to before `end` are worth together, that of the first being 1. */
FUNCTION uint32_t digit_total(const struct digits *digits, unsigned first, unsigned end)
{
    uint32_t total = 0;
    const uint8_t *list = digits->lists;
    for (unsigned digit = 0; digit != end; digit++, list += digits->capacity) {
        if (digit >= first) total += (uint32_t)(digits->ends[digit] - list) << (digit - first);
    }
    return total;
}

/* slice_clear: empties slices; in a function of its own the loop is as short as it can be. */
OPAQUE
FUNCTION void slice_clear(uint32_t *slice, const uint32_t *slices_end)
{
    do *slice++ = 0; while (slice != slices_end);
}

/*
 * add_trits: adds rows of weights to the sums of 32 units, two bits of each weight: the rows that list `digit` names
 * count 2^digit times, of the first `count` lists.
 *
 * Sums lie in slices: a word holds one binary digit of all 32. A row is the lower bits of 32 weights, then the upper ones.
 * Of a weight one bit is set at most: where the lower one makes a carry, there is no upper one.
 */
#ifdef ASSEMBLY
/*
 * A full adder makes of three words of one weight one of that weight and one of the next, in five operations and no
 * further register:
 *
 *     b ^= a;  sum ^= b;  a |= b;  b &= sum;  carry = a ^ b
 *
 * Six slices are in registers, from the digit of the list upwards; a carry out of the highest goes on in memory. What lies in
 * them beyond the sums comes back as it was: no carry gets that far.
 */
OPAQUE
FUNCTION void add_trits(const struct digits *digits, unsigned count, const uint32_t *rows, uint32_t *sums)
{
    struct {
        uint32_t *after; /* the slice after those in registers */
        const uint8_t *end; /* of the list */
        const uint8_t *list; /* its start */
        uint8_t *const *next; /* where the end of the next list is */
        uint32_t count; /* lists to come */
        uint32_t capacity; /* bytes from list to list */
        uint32_t sp;
        uint32_t s0;
        uint32_t s1;
        uint32_t ra;
        uint32_t tp;
    } frame;
    register const struct digits *a0 __asm__("a0") = digits;
    register unsigned a1 __asm__("a1") = count;
    register const uint32_t *a2 __asm__("a2") = rows;
    register uint32_t *a3 __asm__("a3") = sums;
    register void *a4 __asm__("a4") = &frame;
__asm__ volatile(
    /* a2 a3 t0 t1 t2 ra     the slices            a4  rows */
    /* s0 s1 a0 a1 tp     words in flight       a5  next entry of the list */
    "    sw      sp, 24(a4)\n"
    "    mv      sp, a4\n"
    "    sw      s0, 28(sp)\n"
    "    sw      s1, 32(sp)\n"
    "    sw      ra, 36(sp)\n"
    "    sw      tp, 40(sp)\n"
    "    addi    a4, a0, 20\n"
    "    sw      a4, 12(sp)\n"
    "    sw      a1, 16(sp)\n"
    "    lw      a4, 52(a0)\n"
    "    sw      a4, 20(sp)\n"
    "    lw      a5, 16(a0)\n"
    "    mv      a4, a2\n"
    "    mv      a0, a3\n"
    "    lw      a2, 0(a0)\n"
    "    lw      a3, 4(a0)\n"
    "    lw      t0, 8(a0)\n"
    "    lw      t1, 12(a0)\n"
    "    lw      t2, 16(a0)\n"
    "    lw      ra, 20(a0)\n"
    "    addi    a0, a0, 24\n"
    "    sw      a0, 0(sp)\n"
    "1:  lw      a0, 12(sp)\n" /* a list */
    "    sw      a5, 8(sp)\n"
    "    lw      s1, 0(a0)\n"
    "    addi    a0, a0, 4\n"
    "    sw      a0, 12(sp)\n"
    "    sw      s1, 4(sp)\n"
    "    beq     a5, s1, 8f\n"
    "    sub     a0, s1, a5\n" /* fewer than four rows come first: the round begins in its middle */
    "    andi    a0, a0, 3\n"
    "    li      tp, 0\n"
    "    beqz    a0, 2f\n"
    "    addi    a5, a5, -4\n"
    "    add     a5, a5, a0\n"
    "    addi    a0, a0, -2\n"
    "    li      a1, 0\n"
    "    li      s1, 0\n"
    "    beqz    a0, 4f\n"
    "    bgtz    a0, 3f\n"
    "    li      a0, 0\n"
    "    j       5f\n"
    "    .balign 4\n"
    "2:  lbu     s1, 0(a5)\n"
    "    slli    s1, s1, 3\n"
    "    add     s1, s1, a4\n"
    "    lw      a1, 0(s1)\n"
    "    lw      s1, 4(s1)\n"
    "    and     a0, a2, a1\n"
    "    xor     a2, a2, a1\n"
    "    or      s1, s1, a0\n"
    "3:  lbu     s0, 1(a5)\n"
    "    slli    s0, s0, 3\n"
    "    add     s0, s0, a4\n"
    "    lw      a0, 0(s0)\n"
    "    lw      s0, 4(s0)\n"
    "    and     a1, a2, a0\n"
    "    xor     a2, a2, a0\n"
    "    or      s0, s0, a1\n"
    "    xor     s1, s1, s0\n"
    "    xor     a3, a3, s1\n"
    "    or      s0, s0, s1\n"
    "    and     s1, s1, a3\n"
    "    xor     tp, s0, s1\n"
    "4:  lbu     s1, 2(a5)\n"
    "    slli    s1, s1, 3\n"
    "    add     s1, s1, a4\n"
    "    lw      a1, 0(s1)\n"
    "    lw      s1, 4(s1)\n"
    "    and     a0, a2, a1\n"
    "    xor     a2, a2, a1\n"
    "    or      s1, s1, a0\n"
    "5:  lbu     s0, 3(a5)\n"
    "    slli    s0, s0, 3\n"
    "    add     s0, s0, a4\n"
    "    lw      a0, 0(s0)\n"
    "    lw      s0, 4(s0)\n"
    "    and     a1, a2, a0\n"
    "    xor     a2, a2, a0\n"
    "    or      s0, s0, a1\n"
    "    xor     s1, s1, s0\n"
    "    xor     a3, a3, s1\n"
    "    or      s0, s0, s1\n"
    "    and     s1, s1, a3\n"
    "    xor     s0, s0, s1\n"
    "    xor     tp, tp, s0\n"
    "    xor     t0, t0, tp\n"
    "    or      s0, s0, tp\n"
    "    and     tp, tp, t0\n"
    "    xor     a0, s0, tp\n"
    "    and     s0, t1, a0\n"
    "    xor     t1, t1, a0\n"
    "    and     a0, t2, s0\n"
    "    xor     t2, t2, s0\n"
    "    and     s0, ra, a0\n"
    "    xor     ra, ra, a0\n"
    "    beqz    s0, 7f\n"
    "    lw      a0, 0(sp)\n" /* a carry for the slices in memory */
    "6:  lw      a1, 0(a0)\n"
    "    xor     s1, a1, s0\n"
    "    and     a1, a1, s0\n"
    "    sw      s1, 0(a0)\n"
    "    beqz    a1, 7f\n"
    "    lw      s0, 4(a0)\n"
    "    xor     s1, s0, a1\n"
    "    and     s0, s0, a1\n"
    "    sw      s1, 4(a0)\n"
    "    addi    a0, a0, 8\n"
    "    bnez    s0, 6b\n"
    "7:  addi    a5, a5, 4\n"
    "    lw      s1, 4(sp)\n"
    "    bltu    a5, s1, 2b\n"
    "8:  lw      a0, 0(sp)\n" /* the next list: the lowest slice is done */
    "    lw      a5, 8(sp)\n"
    "    lw      s0, 16(sp)\n"
    "    sw      a2, -24(a0)\n"
    "    mv      a2, a3\n"
    "    mv      a3, t0\n"
    "    mv      t0, t1\n"
    "    mv      t1, t2\n"
    "    mv      t2, ra\n"
    "    lw      ra, 0(a0)\n"
    "    addi    a0, a0, 4\n"
    "    lw      a1, 20(sp)\n"
    "    add     a5, a5, a1\n"
    "    addi    s0, s0, -1\n"
    "    sw      a0, 0(sp)\n"
    "    sw      s0, 16(sp)\n"
    "    bnez    s0, 1b\n"
    "    sw      a2, -24(a0)\n"
    "    sw      a3, -20(a0)\n"
    "    sw      t0, -16(a0)\n"
    "    sw      t1, -12(a0)\n"
    "    sw      t2, -8(a0)\n"
    "    sw      ra, -4(a0)\n"
    "    lw      s0, 28(sp)\n"
    "    lw      s1, 32(sp)\n"
    "    lw      ra, 36(sp)\n"
    "    lw      tp, 40(sp)\n"
    "    lw      sp, 24(sp)\n"
    : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)
    :
    : "a5", "t0", "t1", "t2", "memory");
}
#else
FUNCTION void add_trits(const struct digits *digits, unsigned count, const uint32_t *rows, uint32_t *sums)
{
    const uint8_t *list = digits->lists;
    for (unsigned digit = 0; digit != count; digit++, list += digits->capacity) {
        for (const uint8_t *entry = list; entry != digits->ends[digit]; entry++) {
            for (unsigned bit = 0; bit != 2; bit++) {
                uint32_t carry = rows[((unsigned)*entry << 1) + bit];
                for (uint32_t *sum = sums + digit + bit; carry != 0; sum++) {
                    const uint32_t before = *sum;
                    *sum = before ^ carry;
                    carry &= before;
                }
            }
        }
    }
}
#endif

/* slice_bytes: makes bytes of eight slices: bit j of byte c of word k is what bit 8 * c + k of slice j was. */
#ifdef ASSEMBLY
OPAQUE
FUNCTION void slice_bytes(const uint32_t *slices, uint32_t *words)
{
    register const uint32_t *a0 __asm__("a0") = slices;
    register uint32_t *a1 __asm__("a1") = words;
__asm__ volatile(
    /* a0 next slice   a1 next word   t0 the first   s1 mask   a2 scratch   a3 a4 a5 s0 words   t1 t2 what is restored */
    "    mv      t1, s1\n"
    "    mv      t2, s0\n"
    "    mv      t0, a1\n"
    "    li      s1, 0xF0F0F0F\n" /* nibbles of words four apart */
    "    addi    a3, a0, 16\n"
    "1:  lw      a4, 0(a0)\n"
    "    lw      a5, 16(a0)\n"
    "    mv      a2, a4\n"
    "    srli    a2, a2, 4\n"
    "    xor     a2, a2, a5\n"
    "    and     a2, a2, s1\n"
    "    xor     a5, a5, a2\n"
    "    slli    a2, a2, 4\n"
    "    xor     a4, a4, a2\n"
    "    sw      a4, 0(a1)\n"
    "    sw      a5, 16(a1)\n"
    "    addi    a0, a0, 4\n"
    "    addi    a1, a1, 4\n"
    "    bne     a0, a3, 1b\n"
    "2:  li      s1, 0x33333333\n" /* pairs of bits, then bits, of four words */
    "    lw      a3, 0(a1)\n"
    "    lw      a4, 4(a1)\n"
    "    lw      a5, 8(a1)\n"
    "    lw      s0, 12(a1)\n"
    "    mv      a2, a3\n"
    "    srli    a2, a2, 2\n"
    "    xor     a2, a2, a5\n"
    "    and     a2, a2, s1\n"
    "    xor     a5, a5, a2\n"
    "    slli    a2, a2, 2\n"
    "    xor     a3, a3, a2\n"
    "    mv      a2, a4\n"
    "    srli    a2, a2, 2\n"
    "    xor     a2, a2, s0\n"
    "    and     a2, a2, s1\n"
    "    xor     s0, s0, a2\n"
    "    slli    a2, a2, 2\n"
    "    xor     a4, a4, a2\n"
    "    mv      a2, s1\n"
    "    slli    a2, a2, 1\n"
    "    xor     s1, s1, a2\n"
    "    mv      a2, a3\n"
    "    srli    a2, a2, 1\n"
    "    xor     a2, a2, a4\n"
    "    and     a2, a2, s1\n"
    "    xor     a4, a4, a2\n"
    "    slli    a2, a2, 1\n"
    "    xor     a3, a3, a2\n"
    "    mv      a2, a5\n"
    "    srli    a2, a2, 1\n"
    "    xor     a2, a2, s0\n"
    "    and     a2, a2, s1\n"
    "    xor     s0, s0, a2\n"
    "    slli    a2, a2, 1\n"
    "    xor     a5, a5, a2\n"
    "    sw      a3, 0(a1)\n"
    "    sw      a4, 4(a1)\n"
    "    sw      a5, 8(a1)\n"
    "    sw      s0, 12(a1)\n"
    "    addi    a1, a1, -16\n"
    "    bgeu    a1, t0, 2b\n"
    "    mv      s1, t1\n"
    "    mv      s0, t2\n"
    : "+r"(a0), "+r"(a1)
    :
    : "t1", "t2", "t0", "a3", "a4", "a5", "a2", "memory");
}
#else
FUNCTION void slice_bytes(const uint32_t *slices, uint32_t *words)
{
    for (unsigned k = 0; k != 8; k++) words[k] = slices[k];
    uint32_t mask = 0x0F0F0F0Fu;
    for (unsigned width = 4; width != 0; width >>= 1, mask ^= mask << width) {
        for (unsigned k = 0; k != 8; k = (k + width + 1) & ~width) {
            const uint32_t differ = (words[k] >> width ^ words[k + width]) & mask;
            words[k] ^= differ << width;
            words[k + width] ^= differ;
        }
    }
}
#endif

/*
 * slice_sums: makes integers of sums in slices, `depth` of them for each 32 units, a multiple of eight, and adds `more` to each.
 */
FUNCTION void slice_sums(uint32_t *slices, unsigned depth, int32_t more, int32_t *out, const int32_t *out_end)
{
    for (;;) {
        for (unsigned i = 0; i != depth; i += 8) slice_bytes(slices + i, slices + i);
        for (unsigned unit = 0; unit != 32; unit++) {
            uint32_t sum = 0;
            for (const uint32_t *word = slices + depth + (unit >> 2); word >= slices + 8;) {
                word -= 8;
                sum <<= 8;
                sum += *word >> ((unit & 3u) << 3) & 255u;
            }
            *out++ = (int32_t)sum + more;
            if (out == out_end) return;
        }
        slices += depth;
    }
}

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

FUNCTION void dense1(const int8_t *in, int32_t *out, int32_t *buckets)
{
    const int8_t *const in_end = in + 42;
    const int32_t *const out_end = out + 3;
    const uint32_t *words = dense1_weights;
    for (int rank = 0; rank < 4; rank++) buckets[rank] = 0;

    do {
        const int8_t *x = in;
        do {
            const int8_t *const stop = in_end - x < 16 ? in_end : HIDDEN(x) + 16;
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
        *out++ = (int32_t)((sum << 1) + ((uint32_t)total - HIDDEN((uint32_t)total << 2)));
    } while (out != out_end);
}

/* rescale_in_place: clears negative sums and rescales the others to 7 bits. */
FUNCTION void rescale_in_place(const int32_t *in, int8_t *out, unsigned count)
{
    rescale_ram(in, out, count);
}

/*
 * dense2: 3 inputs -> 4 sums, 4bit weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense2_weights[3] = {
    0x0000DA6C, 0x00007E62, 0x00005672,
};

FUNCTION void dense2(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 8);
    for (unsigned i = 0; i != 8; i++) sums[i] = 0;

    const struct add_4bit_inputs job = {
        in, in + 3, 0, dense2_weights, 4, 1, sums, products, products + 54,
    };
    add_4bit_inputs(&job);

    for (unsigned i = 0; i != 4; i++) out[i] = sums[i];
}

/*
 * dense3: 4 inputs -> 5 sums, 4bitsym weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense3_weights[4] = {
    0x000791CC, 0x000F0787, 0x0008F6D3, 0x00078B34,
};

FUNCTION void dense3(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 8);
    for (unsigned i = 0; i != 8; i++) sums[i] = 0;

    const struct add_4bitsym_inputs job = {
        in, in + 4, 0, dense3_weights, 4, 1, sums, products, products + 54,
    };
    add_4bitsym_inputs(&job);

    for (unsigned i = 0; i != 5; i++) out[i] = sums[i];
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

FUNCTION void dense4(const int8_t *in, int32_t *out)
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
 * dense5: 6 inputs -> 7 sums, 8bit weights, by tables of products.
 *
 * The weights of one input lie together, eight hexadecimal digits of them to a word, the first in the low bits.
 */
static const uint32_t dense5_weights[12] = {
    0xFA70EA1E, 0x00CAE241, 0xF3FDD72E, 0x008B1F1E, 0x3F6628F2, 0x00609A0F, 0xF159106E, 0x005232AE,
    0x90439400, 0x004E1A16, 0xDE9F9DA2, 0x00980082,
};

FUNCTION void dense5(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 8);
    for (unsigned i = 0; i != 8; i++) sums[i] = 0;

    const struct add_8bit_inputs job = {
        in, in + 6, 0, dense5_weights, 8, 1, sums, products, products + 102,
    };
    add_8bit_inputs(&job);

    for (unsigned i = 0; i != 7; i++) out[i] = sums[i];
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

FUNCTION void dense6(const int8_t *in, int32_t *out)
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
 * dense7: 8 inputs -> 9 sums, binarysym weights, by shifts and adds.
 *
 * Each word holds 32 codes, the first in the low bits; a row starts with a new word. The level of a code is
 * -1 + 2*b0: the input counts where a bit is set and doubles from bit to bit.
 */
static const uint32_t dense7_weights[9] = {
    0x00000054, 0x00000067, 0x000000B7, 0x000000C9, 0x000000A4, 0x0000007B, 0x00000010, 0x000000FE,
    0x000000F5,
};

FUNCTION void dense7(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 8;
    const int32_t *const out_end = out + 9;
    const uint32_t *words = dense7_weights;
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
 * dense8: 9 inputs -> 10 sums, csd2 weights, without a multiplication.
 *
 * A weight is stored as the rank of its level, and a row first adds its inputs up in one bucket for each rank. A level
 * is the lowest one, -64, plus the steps up to it: the step to a rank counts for all inputs in its bucket and above.
 * Each word holds 5 ranks, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense8_weights[20] = {
    0x3AD58032, 0x000EBAA3, 0x3954DB49, 0x008D8D44, 0x0C42F824, 0x00DE5583, 0x16134802, 0x003E5EF6,
    0x30B20CAF, 0x00B3D05E, 0x1CB45DF8, 0x0030F68E, 0x16C87A55, 0x0045CA97, 0x273F5434, 0x007EE49C,
    0x2D744F6F, 0x00240793, 0x26708F1C, 0x0065FE75,
};

static const uint8_t dense8_steps[63] = {
    1, 1, 2, 4, 8, 8, 4, 2,
    1, 1, 1, 1, 2, 4, 4, 2,
    1, 1, 1, 1, 2, 2, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 2, 2, 1, 1, 1, 1,
    2, 4, 4, 2, 1, 1, 1, 1,
    2, 4, 8, 8, 4, 2, 1,
};

FUNCTION void dense8(const int8_t *in, int32_t *out, int32_t *buckets)
{
    const int8_t *const in_end = in + 9;
    const int32_t *const out_end = out + 10;
    const uint32_t *words = dense8_weights;
    for (int rank = 0; rank < 64; rank++) buckets[rank] = 0;

    do {
        const int8_t *x = in;
        do {
            const int8_t *const stop = in_end - x < 5 ? in_end : HIDDEN(x) + 5;
            uint32_t codes = *words++;
            do {
                buckets[codes & 63u] += *x++;
                codes >>= 6;
            } while (x != stop);
        } while (x != in_end);

        uint32_t sum = 0;
        int32_t total = 0;
        for (int rank = 63; rank != 0; rank--) {
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
        *out++ = (int32_t)(sum + (0u - ((uint32_t)total << 6)));
    } while (out != out_end);
}

/*
 * dense9: 10 inputs -> 11 sums, fp130 weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense9_weights[20] = {
    0x3B40C4FC, 0x0000018C, 0xDB5AD612, 0x00000A39, 0xB0BC74CF, 0x0000067C, 0x98780DDB, 0x00000255,
    0xA6E0EF82, 0x00000D49, 0x3170C703, 0x0000045B, 0x67553F92, 0x00000B5C, 0xC23D7D12, 0x00000BCA,
    0xA4AF0223, 0x000004C3, 0xF2BE28F8, 0x0000075D,
};

FUNCTION void dense9(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 16);
    for (unsigned i = 0; i != 16; i++) sums[i] = 0;

    const struct add_fp130_inputs_ram job = {
        in, in + 10, 0, dense9_weights, 8, 2, sums, products, products + 144,
    };
    add_fp130_inputs_ram(&job);

    for (unsigned i = 0; i != 11; i++) out[i] = sums[i];
}

/*
 * dense10: 11 inputs -> 12 sums, nf4 weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense10_weights[22] = {
    0xE411A247, 0x0000D17D, 0x9DCC7975, 0x00007E2F, 0xCCF61111, 0x00008878, 0x666BC47C, 0x0000BCB0,
    0xB35755E6, 0x0000FE25, 0xA8AD6ED5, 0x00001B0A, 0x3ABACE2C, 0x0000BB71, 0x37AE2E69, 0x0000D665,
    0x4CB71AA1, 0x00005899, 0xA7B3CCCD, 0x000068A6, 0x21BB1C86, 0x0000FD96,
};

FUNCTION void dense10(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 16);
    for (unsigned i = 0; i != 16; i++) sums[i] = 0;

    const struct add_nf4_inputs_ram job = {
        in, in + 11, 0, dense10_weights, 8, 2, sums, products, products + 144,
    };
    add_nf4_inputs_ram(&job);

    for (unsigned i = 0; i != 12; i++) out[i] = sums[i];
}

/*
 * dense11: 12 inputs -> 13 sums, pow2 weights, by tables of products.
 *
 * The weights of one input lie together, eight to a word, the first in the low bits.
 */
static const uint32_t dense11_weights[24] = {
    0x8FF654BD, 0x000F8C79, 0x3F11A340, 0x000657FC, 0x772B41A2, 0x000A4CDF, 0x8B240234, 0x0007AB21,
    0xA061C5D7, 0x0005ABE4, 0xED2DFA10, 0x000086C6, 0xFD0F72E8, 0x000AE1BE, 0xD3D21700, 0x0005365B,
    0x2C89F3F3, 0x000C339C, 0xCB64EEEA, 0x000EC25B, 0xB37E5B75, 0x00010664, 0x07DC2DE3, 0x000895E5,
};

FUNCTION void dense11(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    int16_t *const products = (int16_t *)(scratch + 16);
    for (unsigned i = 0; i != 16; i++) sums[i] = 0;

    const struct add_pow2_inputs_ram job = {
        in, in + 12, 0, dense11_weights, 8, 2, sums, products, products + 144,
    };
    add_pow2_inputs_ram(&job);

    for (unsigned i = 0; i != 13; i++) out[i] = sums[i];
}

/*
 * dense12: 13 inputs -> 14 sums, ternary weights, by the binary digits of the inputs.
 *
 * A weight is u - 1, u from 0 to 2. Weights and sums lie in slices: a word has one binary digit of 32 numbers, that of unit
 * 4 * k + c in bit 8 * c + k. For each 32 units the table has the slices 0 and 1 of all inputs.
 */
static const uint32_t dense12_weights[26] = {
    0x01010202, 0x04020D04, 0x0004030D, 0x01000802, 0x0104000A, 0x00000701, 0x01040004, 0x06020E00,
    0x02050808, 0x04020405, 0x03000608, 0x04030900, 0x05000401, 0x00060800, 0x00070C01, 0x00000304,
    0x01030504, 0x06040002, 0x04020906, 0x03050200, 0x02030401, 0x0400020C, 0x07020209, 0x00040402,
    0x00000000, 0x06000306,
};

FUNCTION void dense12(const int8_t *in, int32_t *out, int32_t *scratch)
{
    uint32_t *const slices = (uint32_t *)scratch;
    uint32_t *const slices_end = slices + 16;
    uint32_t total = 0;
    struct digits digits;
    digits.x = in;
    digits.lists = (uint8_t *)slices_end;
    digits.capacity = 24;
    digits.zero_point = 0;

    do {
        if (digits.x == in) {
            digits.index = 0;
            digits.end = in + 13;
            slice_clear(slices, slices_end);
        }
        list_digits(&digits);
        total += digit_total(&digits, 0, 7);
        const uint32_t *rows = dense12_weights;
        for (uint32_t *sums = slices; sums != slices_end; sums += 16) {
            add_trits(&digits, 7, rows, sums);
            rows += 26;
        }
    } while (digits.x != in + 13);

    uint32_t more = 0u - total;
    slice_sums(slices, 16, (int32_t)more, out, out + 14);
}

/* Everything between the layers; formats.h says what lies where. */
static union {
    int32_t i32[104];
    int8_t i8[416];
} arena;

int formats_infer(const int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 64;

    dense1(input, arena.i32 + 4, arena.i32);
    rescale_in_place(arena.i32 + 4, arena.i8 + 156, 3); /* relu1 */
    dense2(arena.i8 + 156, arena.i32 + 35, arena.i32);
    rescale_in_place(arena.i32 + 35, arena.i8 + 160, 4); /* relu2 */
    dense3(arena.i8 + 160, arena.i32 + 35, arena.i32);
    rescale_in_place(arena.i32 + 35, arena.i8 + 24, 5); /* relu3 */
    dense4(arena.i8 + 24, arena.i32);
    rescale_in_place(arena.i32, arena.i8 + 264, 6); /* relu4 */
    dense5(arena.i8 + 264, arena.i32 + 59, arena.i32);
    rescale_in_place(arena.i32 + 59, arena.i8 + 32, 7); /* relu5 */
    dense6(arena.i8 + 32, arena.i32);
    rescale_in_place(arena.i32, arena.i8 + 36, 8); /* relu6 */
    dense7(arena.i8 + 36, arena.i32);
    rescale_in_place(arena.i32, arena.i8 + 296, 9); /* relu7 */
    dense8(arena.i8 + 296, arena.i32 + 64, arena.i32);
    rescale_in_place(arena.i32 + 64, arena.i8 + 396, 10); /* relu8 */
    dense9(arena.i8 + 396, arena.i32 + 88, arena.i32);
    rescale_in_place(arena.i32 + 88, arena.i8 + 400, 11); /* relu9 */
    dense10(arena.i8 + 400, arena.i32 + 88, arena.i32);
    rescale_in_place(arena.i32 + 88, arena.i8 + 404, 12); /* relu10 */
    dense11(arena.i8 + 404, arena.i32 + 88, arena.i32);
    rescale_in_place(arena.i32 + 88, arena.i8 + 312, 13); /* relu11 */
    dense12(arena.i8 + 312, sums, arena.i32);

    int best = 0;
    for (int i = 1; i < 14; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

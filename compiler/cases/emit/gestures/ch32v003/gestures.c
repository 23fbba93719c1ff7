/* gestures: see gestures.h for the network, the memory map and where this comes from. */
#include "gestures.h"

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

/* walk_words_ram: the loop of the function below, which says what the registers hold. */
#ifdef ASSEMBLY
#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
NAKED
FUNCTION void walk_words_ram(void)
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
    "    lui     s1, %%hi(%[walk_words_ram])\n"
    "    jr      %%lo(%[walk_words_ram])(s1)\n"
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
    : [walk_words_ram] "i"(walk_words_ram)
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

/* slice_add: adds numbers in slices, the lowest first, to sums from a slice on. */
FUNCTION void slice_add(uint32_t *sum, const uint32_t *slice, const uint32_t *slices_end)
{
    uint32_t carry = 0;
    do {
        uint32_t word = *slice++ ^ carry;
        const uint32_t digit = *sum ^ word;
        *sum++ = digit;
        carry |= word;
        word &= digit;
        carry ^= word;
    } while (slice != slices_end);
    while (carry != 0) {
        const uint32_t digit = *sum ^ carry;
        *sum++ = digit;
        carry &= ~digit;
    }
}

/*
 * add_pairs_ram: adds rows of weights to the sums of 32 units, two bits of each weight: the rows that list `digit` names
 * count 2^digit times, of the first `count` lists.
 *
 * Sums lie in slices: a word holds one binary digit of all 32. A row is the lower bits of 32 weights, then the upper ones.
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
OPAQUE __attribute__((section(".srodata.ramcode.add_pairs_ram")))
FUNCTION void add_pairs_ram(const struct digits *digits, unsigned count, const uint32_t *rows, uint32_t *sums)
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
    "3:  lbu     s0, 1(a5)\n"
    "    slli    s0, s0, 3\n"
    "    add     s0, s0, a4\n"
    "    lw      a0, 0(s0)\n"
    "    lw      s0, 4(s0)\n"
    "    xor     a1, a1, a0\n"
    "    xor     a2, a2, a1\n"
    "    or      a0, a0, a1\n"
    "    and     a1, a1, a2\n"
    "    xor     a0, a0, a1\n"
    "    xor     s1, s1, s0\n"
    "    xor     a3, a3, s1\n"
    "    or      s0, s0, s1\n"
    "    and     s1, s1, a3\n"
    "    xor     s0, s0, s1\n"
    "    and     a1, a3, a0\n"
    "    xor     a3, a3, a0\n"
    "    xor     a1, a1, s0\n"
    "    xor     t0, t0, a1\n"
    "    or      s0, s0, a1\n"
    "    and     a1, a1, t0\n"
    "    xor     tp, s0, a1\n"
    "4:  lbu     s1, 2(a5)\n"
    "    slli    s1, s1, 3\n"
    "    add     s1, s1, a4\n"
    "    lw      a1, 0(s1)\n"
    "    lw      s1, 4(s1)\n"
    "5:  lbu     s0, 3(a5)\n"
    "    slli    s0, s0, 3\n"
    "    add     s0, s0, a4\n"
    "    lw      a0, 0(s0)\n"
    "    lw      s0, 4(s0)\n"
    "    xor     a1, a1, a0\n"
    "    xor     a2, a2, a1\n"
    "    or      a0, a0, a1\n"
    "    and     a1, a1, a2\n"
    "    xor     a0, a0, a1\n"
    "    xor     s1, s1, s0\n"
    "    xor     a3, a3, s1\n"
    "    or      s0, s0, s1\n"
    "    and     s1, s1, a3\n"
    "    xor     s0, s0, s1\n"
    "    and     a1, a3, a0\n"
    "    xor     a3, a3, a0\n"
    "    xor     a1, a1, s0\n"
    "    xor     t0, t0, a1\n"
    "    or      s0, s0, a1\n"
    "    and     a1, a1, t0\n"
    "    xor     s0, s0, a1\n"
    "    xor     tp, tp, s0\n"
    "    xor     t1, t1, tp\n"
    "    or      s0, s0, tp\n"
    "    and     tp, tp, t1\n"
    "    xor     s0, s0, tp\n"
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
#if defined(__OPTIMIZE__) && (defined(__riscv) || defined(__arm__))
__attribute__((section(".srodata.ramcode")))
#endif
FUNCTION void add_pairs_ram(const struct digits *digits, unsigned count, const uint32_t *rows, uint32_t *sums)
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
 * slice_outputs: makes outputs of seven bits of sums in slices, `depth` of them for each 32 units. `more` is added to all sums, in
 * two's complement; what is then negative is cleared, and the others are shifted right, rounding half up, as far as the largest
 * needs to fit in seven bits. `last` has the bits of the units that there are among the last 32.
 */
FUNCTION void slice_outputs(uint32_t *slices, const uint32_t *end, unsigned depth, int32_t more, uint32_t last, int8_t *out, const int8_t *out_end)
{
    /* The highest slice becomes the mask of what is kept. */
    unsigned length = 7;
    for (uint32_t *sums = slices; sums != end; sums += depth) {
        uint32_t carry = 0;
        int32_t rest = more;
        uint32_t *slice = sums;
        do {
            const uint32_t sum = *slice;
            const uint32_t half = sum ^ carry;
            if (rest & 1) {
                carry |= sum;
                *slice = ~half;
            } else {
                carry &= sum;
                *slice = half;
            }
            rest >>= 1;
        } while (++slice != sums + depth);
        uint32_t keep = ~*--slice;
        if (sums + depth == end) keep &= last;
        *slice = keep;
        while (slice != sums + length && (slice[-1] & keep) == 0) slice--;
        length = (unsigned)(slice - sums);
    }

    for (uint32_t *sums = slices; sums != end; sums += depth) {
        /* What is rounded up goes on as a carry, to 127 at most. */
        uint32_t *const words = HIDDEN(sums) + length - 7;
        const uint32_t keep = sums[depth - 1];
        uint32_t carry = length == 7 ? 0 : words[-1] & keep;
        uint32_t *slice = words;
        do {
            const uint32_t kept = *slice & keep;
            *slice++ = kept ^ carry;
            carry &= kept;
        } while (slice != sums + length);
        *slice = 0;
        while (carry != 0 && slice != words) *--slice |= carry;
#ifdef ASSEMBLY
        if (out_end - out >= 32 && ((uintptr_t)out & 3u) == 0) {
            slice_bytes(words, (uint32_t *)(void *)out);
            out += 32;
            continue;
        }
#endif
        slice_bytes(words, words);
        for (unsigned unit = 0; unit != 32 && out != out_end; unit++) *out++ = (int8_t)(words[unit >> 2] >> ((unit & 3u) << 3));
    }
}

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
 * dense1_relu1: 24 inputs -> 12 rescaled outputs, 2bitsym weights, by the binary digits of the inputs.
 *
 * A weight is 2*u - 3, u from 0 to 3. Weights and sums lie in slices: a word has one binary digit of 32 numbers, that of unit
 * 4 * k + c in bit 8 * c + k. For each 32 units the table has the slices 0 and 1 of all inputs.
 *
 * The last table has for each 32 units 7 slices of the sum of 3 - u: what one step of the zero point adds, so that the
 * sums of u never go below zero.
 */
static const uint32_t dense1_relu1_weights[48] = {
    0x02060702, 0x07000600, 0x01010101, 0x03030204, 0x02020203, 0x04010105, 0x04010205, 0x02030500,
    0x07020706, 0x05070503, 0x05020102, 0x00040007, 0x05040700, 0x03070007, 0x00000101, 0x03060300,
    0x04050102, 0x05070205, 0x01040500, 0x02000204, 0x07060602, 0x00050701, 0x04010003, 0x04000104,
    0x02060407, 0x05030306, 0x02030302, 0x03050303, 0x02030505, 0x00020604, 0x04020205, 0x03030407,
    0x02010403, 0x02030206, 0x00040405, 0x06070603, 0x05040204, 0x00050201, 0x01070603, 0x06010507,
    0x02050104, 0x04060102, 0x02030604, 0x02040506, 0x05060205, 0x05050306, 0x06070201, 0x07040504,
};

static const uint32_t dense1_relu1_zero_point[7] = {
    0x07030703, 0x06070100, 0x04010003, 0x01010400, 0x00010000, 0x07060707, 0x00000000,
};

FUNCTION void dense1_relu1(const int8_t *in, int8_t *out, int32_t *scratch)
{
    uint32_t *const slices = (uint32_t *)scratch;
    uint32_t *const slices_end = slices + 16;
    uint32_t total = 0;
    struct digits digits;
    digits.x = in;
    digits.lists = (uint8_t *)slices_end;
    digits.capacity = 24;
    digits.zero_point = *in < 0 ? *in : 0;

    do {
        if (digits.x == in) {
            digits.index = 0;
            digits.end = in + 24;
            slice_clear(slices, slices_end);
            const uint32_t below = (uint32_t)-digits.zero_point;
            const uint32_t *slice = dense1_relu1_zero_point;
            for (uint32_t *sums = slices; sums != slices_end; sums += 16, slice += 7) {
                for (unsigned digit = 0; below >> digit != 0; digit++) {
                    if (below >> digit & 1u) slice_add(sums + 1 + digit, slice, slice + 7);
                }
            }
        }
        list_digits(&digits);
        if (digits.x != digits.end && *digits.x < digits.zero_point) {
            for (digits.x = in + 24; digits.x != in;) {
                if (*--digits.x < digits.zero_point) digits.zero_point = *digits.x;
            }
            total = 0;
            continue;
        }
        total += digit_total(&digits, 0, 8);
        const uint32_t *rows = dense1_relu1_weights;
        for (uint32_t *sums = slices; sums != slices_end; sums += 16) {
            add_pairs_ram(&digits, 8, rows, sums + 1);
            rows += 48;
        }
    } while (digits.x != in + 24);

    uint32_t more = total - HIDDEN(total << 2);
    const uint32_t below = (uint32_t)-digits.zero_point;
    for (unsigned digit = 0; below >> digit != 0; digit++) {
        if (below >> digit & 1u) more -= 72u << digit;
    }
    slice_outputs(slices, slices_end, 16, (int32_t)more, 0x07070707u, out, out + 12);
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

FUNCTION void dense2(const int8_t *in, int32_t *out)
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

/* rescale_in_place: clears negative sums and rescales the others to 7 bits. */
FUNCTION void rescale_in_place(const int32_t *in, int8_t *out, unsigned count)
{
    rescale_ram(in, out, count);
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

FUNCTION void dense3(const int8_t *in, int32_t *out)
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
    int32_t i32[67];
    int8_t i8[268];
} arena;

int gesture_classify(const int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32;

    dense1_relu1(input, arena.i8 + 256, arena.i32);
    dense2(arena.i8 + 256, arena.i32);
    rescale_in_place(arena.i32, arena.i8 + 24, 6); /* relu2 */
    dense3(arena.i8 + 24, sums);

    int best = 0;
    for (int i = 1; i < 4; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

/* gestures: see gestures.h for the network, the memory map and where this comes from. */
#include "gestures.h"

#include <stddef.h>

/* Inputs that are listed by their binary digits. */
struct digits_24 {
    const int8_t *x, *end;           /* those still to be listed */
    uint32_t index;                  /* the number of *x, below 256 */
    int32_t background;
    uint8_t *lists, *ends[8];        /* list 0 is of ones; each has room for 24 inputs */
};


#if defined(__riscv) && __riscv_xlen == 32
/*
 * list_words_24_in_ram: lists inputs, four at a time, while there is room for as many in every list; returns how much room is left. Also
 * stops where fewer are left and at an input that is below the background.
 */
#if defined(__riscv) || defined(__arm__)
__attribute__((noinline, section(".srodata.ramcode")))
#endif
static uint32_t list_words_24_in_ram(struct digits_24 *digits, uint32_t room)
{
    /*
     * a1 next input    s0 its number, and room - 4 in the high half    s1 the input, and scratch    t0 background
     * a0 background, four times    ra, tp, t1, t2, a2, a3, a4, a5 ends of the lists 0 to 7
     *
     * On the stack: 0 digits, 4 end of whole words, 8 what is restored
     */
    uint32_t frame[7];
    register struct digits_24 *a0 __asm__("a0") = digits;
    register uint32_t *a1 __asm__("a1") = frame;
    register uint32_t a2 __asm__("a2") = room;
    __asm__ volatile(
        "   sw      s0, 8(a1)      \n"
        "   sw      s1, 12(a1)      \n"
        "   sw      ra, 16(a1)      \n"
        "   sw      tp, 20(a1)      \n"
        "   sw      sp, 24(a1)      \n"
        "   mv      sp, a1          \n"
        "   sw      a0, 0(sp)       \n"
        "   lw      s1, 4(a0)       \n"
        "   addi    s1, s1, -3      \n"
        "   sw      s1, 4(sp)       \n"
        "   lw      s0, 8(a0)       \n"
        "   addi    a2, a2, -4      \n"
        "   slli    a2, a2, 16      \n"
        "   or      s0, s0, a2      \n"
        "   lw      a1, 0(a0)       \n"
        "   lw      ra, 20(a0)      \n"
        "   lw      tp, 24(a0)      \n"
        "   lw      t1, 28(a0)      \n"
        "   lw      t2, 32(a0)      \n"
        "   lw      a2, 36(a0)      \n"
        "   lw      a3, 40(a0)      \n"
        "   lw      a4, 44(a0)      \n"
        "   lw      a5, 48(a0)      \n"
        "   lw      t0, 12(a0)      \n"
        "   andi    a0, t0, 255     \n"
        "   slli    s1, a0, 8       \n"
        "   or      a0, a0, s1      \n"
        "   slli    s1, a0, 16      \n"
        "   or      a0, a0, s1      \n"
        "   j       20f             \n"
        "   .balign 4               \n"
        "10: lw     s1, 0(a1)       \n" /* four inputs */
        "   bne     a0, s1, 30f     \n"
        "   addi    a1, a1, 4       \n"
        "   addi    s0, s0, 4       \n"
        "20: lw     s1, 4(sp)       \n"
        "   bltu    a1, s1, 10b     \n"
        "   j       60f             \n"
        "30: bltz   s0, 60f         \n" /* no room for all of them */
        "   .balign 4               \n"
        "40: lb     s1, 0(a1)       \n" /* one input: its digits from the highest down */
        "   sub     s1, s1, t0      \n"
        "   beqz    s1, 50f         \n"
        "   bltz    s1, 60f         \n"
        "   slli    s1, s1, 24      \n"
        "   .irp    list, a5, a4, a3, a2, t2, t1, tp, ra \n"
        "   bgez    s1, 1f          \n"
        "   sb      s0, 0(\\list)   \n"
        "   addi    \\list, \\list, 1 \n"
        "1: slli    s1, s1, 1       \n"
        "   .endr                   \n"
        "   lui     s1, 16          \n"
        "   sub     s0, s0, s1      \n"
        "50: addi   s0, s0, 1       \n"
        "   addi    a1, a1, 1       \n"
        "   andi    s1, a1, 3       \n"
        "   bnez    s1, 40b         \n"
        "   j       20b             \n"
        "60: lw     a0, 0(sp)       \n"
        "   sw      a1, 0(a0)       \n"
        "   sw      ra, 20(a0)      \n"
        "   sw      tp, 24(a0)      \n"
        "   sw      t1, 28(a0)      \n"
        "   sw      t2, 32(a0)      \n"
        "   sw      a2, 36(a0)      \n"
        "   sw      a3, 40(a0)      \n"
        "   sw      a4, 44(a0)      \n"
        "   sw      a5, 48(a0)      \n"
        "   slli    s1, s0, 16      \n"
        "   srli    s1, s1, 16      \n"
        "   sw      s1, 8(a0)       \n"
        "   srai    a2, s0, 16      \n"
        "   addi    a2, a2, 4       \n"
        "   mv      a1, sp          \n"
        "   lw      s0, 8(a1)      \n"
        "   lw      s1, 12(a1)      \n"
        "   lw      ra, 16(a1)      \n"
        "   lw      tp, 20(a1)      \n"
        "   lw      sp, 24(a1)      \n"
        : "+r"(a0), "+r"(a1), "+r"(a2)
        :
        : "a3", "a4", "a5", "t0", "t1", "t2", "memory");
    return a2;
}
#endif

/*
 * list_digits_24_in_ram: lists for each binary digit of the next inputs which of them have it.
 *
 * An input counts as what it is above the background, so that an input that is background is in no list. The walk
 * stops at the end of the inputs, when lists have no room for 8 more, and at an input that is below the background.
 */
static void list_digits_24_in_ram(struct digits_24 *digits)
{
    uint8_t *list = digits->lists;
    for (unsigned digit = 0; digit != 8; digit++, list += 24) digits->ends[digit] = list;

    /* Room for as many inputs as the fullest list takes; it is looked up only when it might be used up. */
    int room = 24;
    while (digits->x != digits->end && *digits->x >= digits->background) {
        if (room < 8) {
            room = 24;
            list = digits->lists;
            for (unsigned digit = 0; digit != 8; digit++, list += 24) {
                if (24 - (digits->ends[digit] - list) < room) room = 24 - (int)(digits->ends[digit] - list);
            }
            if (room < 8) return;
        }
#if defined(__riscv) && __riscv_xlen == 32
        if (((uintptr_t)digits->x & 3u) == 0 && digits->end - digits->x >= 4) {
            room = (int)list_words_24_in_ram(digits, (uint32_t)room);
            continue;
        }
#endif
        uint32_t above = (uint32_t)(*digits->x++ - digits->background);
        if (above != 0) room--;
        for (uint8_t **end = digits->ends; above != 0; end++) {
            if (above & 1u) *(*end)++ = (uint8_t)digits->index;
            above >>= 1;
        }
        digits->index++;
    }
}

/* digit_total_24: what the digits in some lists are worth together. */
static uint32_t digit_total_24(const uint8_t *lists, uint8_t *const *ends, unsigned digits)
{
    uint32_t total = 0;
    for (unsigned digit = 0; digit != digits; digit++, lists += 24) total += (uint32_t)(ends[digit] - lists) << digit;
    return total;
}

/*
 * add_rows_24_3_in_ram: adds the rows of some lists, each as often as its digit weighs, to the sums: 4 words of each row at a time,
 * the last 2 alone when no more are left. The same words of all rows follow each other.
 *
 * A word of weights holds eight units as nibbles of 0 to 3. The low nibbles of all bytes and the high ones are added up
 * in the bytes of two words:
 *
 *     low  += word                        as if the high nibbles were not there
 *     high += word >> 4 & 0x0F0F0F0F
 *     low  -= high << 4                   once, at the end: now they are not
 *
 * 24 weights are at most 24 * 3 = 72 and fit in a byte. After as many rows at most the bytes are shifted by the
 * place of the digit and added to the sums, two to a word. A word of sums counts as one number, first + 65536 * second,
 * modulo 2^32: it may overflow on the way, as long as both sums fit in 16 bits at last.
 */
#if defined(__riscv) || defined(__arm__)
__attribute__((noinline, section(".srodata.ramcode")))
#endif
static void add_rows_24_3_in_ram(const uint8_t *lists, uint8_t *const *ends, unsigned digits, const uint32_t *rows, unsigned inputs, uint32_t *sums, unsigned words)
{
#if defined(__riscv) && __riscv_xlen == 32
    /*
     * a5 next entry of the list    s1 row    s0 word    a0 mask    a4 rows of this pass
     * a1 low 0, a2 high 0    a3 low 1, t0 high 1    t1 low 2, t2 high 2    ra low 3, tp high 3
     *
     * On the stack: 0 end of the block, 4 end of the list, 8 rows of this pass, 12 place of the digit, 16 start of the list,
     * 20 where the end of the next list is, 24 digits, 28 sums of this pass, 32 words to come, 36 lists, 40 ends, 44 bytes
     * from pass to pass, 48 what is restored
     */
    uint32_t frame[17];
    frame[2] = (uint32_t)rows;
    frame[6] = digits;
    frame[7] = (uint32_t)sums;
    frame[8] = words;
    frame[9] = (uint32_t)lists;
    frame[10] = (uint32_t)ends;
    frame[11] = inputs << 4;
    register uint32_t *t0 __asm__("t0") = frame;
    __asm__ volatile(
        "   sw      s0, 48(t0)          \n"
        "   sw      s1, 52(t0)          \n"
        "   sw      ra, 56(t0)          \n"
        "   sw      tp, 60(t0)          \n"
        "   sw      sp, 64(t0)          \n"
        "   mv      sp, t0              \n"
        "10: lw     a5, 36(sp)          \n" /* a pass: from the first list on */
        "   lw      a1, 40(sp)          \n"
        "   sw      zero, 12(sp)        \n"
        "   j       21f                 \n"
        "20: lw     a1, 20(sp)          \n"
        "21: lw     s1, 0(a1)           \n" /* a list */
        "   addi    a1, a1, 4           \n"
        "   sw      a5, 16(sp)          \n"
        "   sw      a1, 20(sp)          \n"
        "   sw      s1, 4(sp)           \n"
        "   beq     a5, s1, 80f         \n"
        "30: addi   s0, a5, 24         \n" /* a block: as many rows as bytes hold */
        "   bleu    s0, s1, 31f         \n"
        "   mv      s0, s1              \n"
        "31: sw     s0, 0(sp)           \n"
        "   sub     s0, s0, a5          \n"
        "   li      a0, 0x0F0F0F0F      \n"
        "   lw      a4, 8(sp)           \n"
        "   lw      s1, 32(sp)          \n"
        "   li      a1, 0               \n"
        "   li      a2, 0               \n"
        "   li      a3, 0               \n"
        "   li      t0, 0               \n"
        "   li      t1, 0               \n"
        "   li      t2, 0               \n"
        "   li      ra, 0               \n"
        "   li      tp, 0               \n"
        "   addi    s1, s1, -4          \n"
        "   bltz    s1, 70f             \n"
        "   andi    s0, s0, 1           \n"
        "   beqz    s0, 40f             \n"
        "   addi    a5, a5, -1          \n" /* an odd row: the first round begins in its middle */
        "   j       41f                 \n"
        "   .balign 4                   \n"
        "40: lbu    s1, 0(a5)           \n"
        "   slli    s1, s1, 4           \n"
        "   add     s1, s1, a4          \n"
        "   lw      s0, 0(s1)          \n"
        "   add     a1, a1, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     a2, a2, s0          \n"
        "   lw      s0, 4(s1)          \n"
        "   add     a3, a3, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     t0, t0, s0          \n"
        "   lw      s0, 8(s1)          \n"
        "   add     t1, t1, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     t2, t2, s0          \n"
        "   lw      s0, 12(s1)          \n"
        "   add     ra, ra, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     tp, tp, s0          \n"
        "41: lbu    s1, 1(a5)           \n"
        "   slli    s1, s1, 4           \n"
        "   add     s1, s1, a4          \n"
        "   lw      s0, 0(s1)          \n"
        "   add     a1, a1, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     a2, a2, s0          \n"
        "   lw      s0, 4(s1)          \n"
        "   add     a3, a3, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     t0, t0, s0          \n"
        "   lw      s0, 8(s1)          \n"
        "   add     t1, t1, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     t2, t2, s0          \n"
        "   lw      s0, 12(s1)          \n"
        "   add     ra, ra, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     tp, tp, s0          \n"
        "   addi    a5, a5, 2           \n"
        "   lw      s0, 0(sp)           \n"
        "   bltu    a5, s0, 40b         \n"
        "50: li     a0, 0x00FF00FF      \n" /* to the sums */
        "   lw      a4, 12(sp)          \n"
        "   lw      a5, 28(sp)          \n"
        "   slli    s1, a2, 4           \n"
        "   sub     a1, a1, s1          \n"
        "   and     s1, a1, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 0(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 0(a5)          \n"
        "   srli    a1, a1, 8           \n"
        "   and     s1, a1, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 4(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 4(a5)          \n"
        "   and     s1, a2, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 8(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 8(a5)          \n"
        "   srli    a2, a2, 8           \n"
        "   and     s1, a2, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 12(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 12(a5)          \n"
        "   slli    s1, t0, 4           \n"
        "   sub     a3, a3, s1          \n"
        "   and     s1, a3, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 16(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 16(a5)          \n"
        "   srli    a3, a3, 8           \n"
        "   and     s1, a3, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 20(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 20(a5)          \n"
        "   and     s1, t0, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 24(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 24(a5)          \n"
        "   srli    t0, t0, 8           \n"
        "   and     s1, t0, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 28(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 28(a5)          \n"
        "   lw      s0, 32(sp)          \n"
        "   addi    s0, s0, -4          \n"
        "   bltz    s0, 60f             \n"
        "   slli    s1, t2, 4           \n"
        "   sub     t1, t1, s1          \n"
        "   and     s1, t1, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 32(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 32(a5)          \n"
        "   srli    t1, t1, 8           \n"
        "   and     s1, t1, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 36(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 36(a5)          \n"
        "   and     s1, t2, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 40(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 40(a5)          \n"
        "   srli    t2, t2, 8           \n"
        "   and     s1, t2, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 44(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 44(a5)          \n"
        "   slli    s1, tp, 4           \n"
        "   sub     ra, ra, s1          \n"
        "   and     s1, ra, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 48(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 48(a5)          \n"
        "   srli    ra, ra, 8           \n"
        "   and     s1, ra, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 52(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 52(a5)          \n"
        "   and     s1, tp, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 56(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 56(a5)          \n"
        "   srli    tp, tp, 8           \n"
        "   and     s1, tp, a0          \n"
        "   sll     s1, s1, a4          \n"
        "   lw      s0, 60(a5)          \n"
        "   add     s0, s0, s1          \n"
        "   sw      s0, 60(a5)          \n"
        "60: lw     a5, 0(sp)           \n"
        "   lw      s1, 4(sp)           \n"
        "   bne     a5, s1, 30b         \n"
        "80: lw     a5, 16(sp)          \n" /* the next list */
        "   lw      s0, 12(sp)          \n"
        "   lw      s1, 24(sp)          \n"
        "   addi    a5, a5, 24         \n"
        "   addi    s0, s0, 1           \n"
        "   sw      s0, 12(sp)          \n"
        "   bne     s0, s1, 20b         \n"
        "   lw      s0, 8(sp)           \n" /* the next pass */
        "   lw      s1, 28(sp)          \n"
        "   lw      a5, 44(sp)          \n"
        "   add     s0, s0, a5          \n"
        "   lw      a5, 32(sp)          \n"
        "   addi    s1, s1, 4*16      \n"
        "   addi    a5, a5, -4          \n"
        "   sw      s0, 8(sp)           \n"
        "   sw      s1, 28(sp)          \n"
        "   sw      a5, 32(sp)          \n"
        "   bgtz    a5, 10b             \n"
        "   j       90f                 \n"
        "70: lbu    s1, 0(a5)           \n" /* the last words of a row */
        "   slli    s1, s1, 3           \n"
        "   add     s1, s1, a4          \n"
        "   lw      s0, 0(s1)          \n"
        "   add     a1, a1, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     a2, a2, s0          \n"
        "   lw      s0, 4(s1)          \n"
        "   add     a3, a3, s0          \n"
        "   srli    s0, s0, 4           \n"
        "   and     s0, s0, a0          \n"
        "   add     t0, t0, s0          \n"
        "   addi    a5, a5, 1           \n"
        "   lw      s0, 0(sp)           \n"
        "   bltu    a5, s0, 70b         \n"
        "   j       50b                 \n"
        "90: mv     t0, sp              \n"
        "   lw      s0, 48(t0)          \n"
        "   lw      s1, 52(t0)          \n"
        "   lw      ra, 56(t0)          \n"
        "   lw      tp, 60(t0)          \n"
        "   lw      sp, 64(t0)          \n"
        : "+r"(t0)
        :
        : "a0", "a1", "a2", "a3", "a4", "a5", "t1", "t2", "memory");
#else
    for (;;) {
        const unsigned width = words < 4 ? 2 : 4;
        const unsigned shift = words < 4 ? 1 : 2;
        const uint8_t *list = lists;
        for (unsigned digit = 0; digit != digits; digit++, list += 24) {
            const uint8_t *entry = list;
            while (entry != ends[digit]) {
                const uint8_t *const stop = ends[digit] - entry > 24 ? entry + 24 : ends[digit];
                uint32_t low[4], high[4];
                for (unsigned i = 0; i != width; i++) low[i] = high[i] = 0;
                do {
                    const uint32_t *const row = rows + ((unsigned)*entry++ << shift);
                    for (unsigned i = 0; i != width; i++) {
                        low[i] += row[i];
                        high[i] += row[i] >> 4 & 0x0F0F0F0Fu;
                    }
                } while (entry != stop);
                uint32_t *sum = sums;
                for (unsigned i = 0; i != width; i++) {
                    low[i] -= high[i] << 4;
                    *sum++ += (low[i] & 0x00FF00FFu) << digit;
                    *sum++ += (low[i] >> 8 & 0x00FF00FFu) << digit;
                    *sum++ += (high[i] & 0x00FF00FFu) << digit;
                    *sum++ += (high[i] >> 8 & 0x00FF00FFu) << digit;
                }
            }
        }
        if (words <= 4) return;
        words -= 4;
        rows += inputs << 2;
        sums += 16;
    }
#endif
}

/* digit_largest: the largest of sums, two in each word, first + 65536 * second + 65537 * less, or 0 if all are below. */
static uint32_t digit_largest(const uint32_t *sums, const uint32_t *sums_end, uint32_t less)
{
    /* With 32768 added to each they are two numbers of 16 bits; below the second the first does not count. */
    less -= 32768u;
    less += less << 16;
    uint32_t first = 0x80000000u, second = 0x80000000u;
    do {
        uint32_t pair = *sums++ - less;
        if (pair > second) second = pair;
        pair <<= 16;
        if (pair > first) first = pair;
    } while (sums != sums_end);
    return ((first > second ? first : second) >> 16) - 32768u;
}

/*
 * digit_outputs_odd: makes outputs of seven bits of an even number of sums, two in each word: first + 65536 * second + 65537 * less, from
 * -32768 to 32767. A unit is 2 * sum + odd. What is negative is cleared, the others are shifted right, rounding half up, as far as
 * the largest needs to fit in seven bits. Both sums of a word are worked on at once: with 32768 added to each they are
 * two numbers of 16 bits.
 */
static void digit_outputs_odd(const uint32_t *sums, const uint32_t *sums_end, uint32_t less, uint32_t largest, uint32_t odd, int8_t *out)
{
    less -= 32768u;
    less += less << 16;
    unsigned shift = 0;
    while (largest >> shift > 127) shift++;
    uint32_t half = (1u << shift) >> 1;
    half += half << 16;
    do {
        uint32_t pair = *sums++ - less;
        const uint32_t positive = pair >> 15 & 0x00010001u;
        pair &= (positive << 15) - positive;
        if (shift == 0) {
            /* The largest unit is of eight bits at most: its lowest bit is among those that count, or rounds up. */
            if (largest + largest + odd <= 127) pair += pair;
            if (odd != 0) pair += positive;
        }
        pair = (pair + half) >> shift & 0x00FF00FFu;
        pair -= pair >> 7 & 0x00010001u;
        *out++ = (int8_t)pair;
        *out++ = (int8_t)(pair >> 16);
    } while (sums != sums_end);
}

/*
 * dense1_relu1: 24 inputs -> 12 rescaled outputs, 2bitsym weights, by the binary digits of the inputs.
 *
 * A weight is stored as u, from 0 to 3, and is 2 * u - 3. The table has a row of 8 bytes for each input, in its
 * words units 0 to 7 as the nibbles 0, 4, 2, 6, 1, 5, 3, 7. Its last 8 words hold for each unit the sum of 3 - u,
 * two units a word: 3 - u is what one step of the background adds to keep the sums of u from below zero.
 */
static const uint32_t dense1_relu1_weights[48] = {
    0x32311010, 0x02030100, 0x23212301, 0x00000002, 0x10121213, 0x02000002, 0x20122301, 0x01020001,
    0x13133232, 0x03030201, 0x01011032, 0x01000202, 0x23112222, 0x01010302, 0x22232001, 0x00000200,
    0x02212312, 0x03000302, 0x21210000, 0x00010102, 0x11321212, 0x01030300, 0x00020111, 0x03000002,
    0x12223231, 0x02010103, 0x32331332, 0x00000200, 0x10213101, 0x00030003, 0x22103223, 0x01020003,
    0x30202331, 0x00010002, 0x20202223, 0x02030301, 0x01300202, 0x01000301, 0x21121333, 0x02030102,
    0x10032120, 0x02000301, 0x30121120, 0x00030203, 0x03321221, 0x03000303, 0x32121101, 0x03020302,
};

static const uint32_t dense1_relu1_background[8] = {
    0x00230025, 0x0029001F, 0x00210025, 0x00230023, 0x00290020, 0x00270022, 0x00000000, 0x00000000,
};

static void dense1_relu1(const int8_t *in, int8_t *out, int32_t *scratch)
{
    uint32_t *const pairs = (uint32_t *)scratch;
    uint32_t total = 0;
    struct digits_24 digits;
    digits.x = in;
    digits.end = in + 24;
    digits.lists = (uint8_t *)(pairs + 8);
    digits.background = *in < 0 ? *in : 0;

    do {
        if (digits.x == in) {
            digits.index = 0;
            for (unsigned i = 0; i != 8; i++) pairs[i] = 0;
            const uint32_t depth = (uint32_t)-digits.background;
            for (unsigned digit = 0; depth >> digit != 0; digit++) {
                uint32_t *const sum = pairs;
                if (depth >> digit & 1u) {
                    for (unsigned i = 0; i != 8; i++) sum[i] += dense1_relu1_background[i] << digit;
                }
            }
        }
        list_digits_24_in_ram(&digits);
        if (digits.x != digits.end && *digits.x < digits.background) {
            for (digits.x = digits.end; digits.x != in;) {
                if (*--digits.x < digits.background) digits.background = *digits.x;
            }
            total = 0;
            continue;
        }
        total += digit_total_24(digits.lists, digits.ends, 8);
        add_rows_24_3_in_ram(digits.lists, digits.ends, 8, dense1_relu1_weights, 24, pairs, 2);
    } while (digits.x != digits.end);

    const uint32_t depth = (uint32_t)-digits.background;
    uint32_t less = (total << 1) + ((depth << 5) - (depth << 3));
    const int32_t more = (int32_t)((total - ((depth << 5) - (depth << 3))));
    less -= (uint32_t)(more >> 1);
    const uint32_t largest = digit_largest(pairs, pairs + 6, less);
    digit_outputs_odd(pairs, pairs + 6, less, largest, (uint32_t)more & 1u, out);
}

/*
 * dense2_relu2: 12 inputs -> 6 rescaled outputs, 2bitsym weights, by the binary digits of the inputs.
 *
 * A weight is stored as u, from 0 to 3, and is 2 * u - 3. The table has a row of 8 bytes for each input, in its
 * words units 0 to 7 as the nibbles 0, 4, 2, 6, 1, 5, 3, 7.
 */
static const uint32_t dense2_relu2_weights[24] = {
    0x03100222, 0x00000000, 0x01210033, 0x00000000, 0x00210322, 0x00000000, 0x01200023, 0x00000000,
    0x02000132, 0x00000000, 0x02010132, 0x00000000, 0x01200101, 0x00000000, 0x00120122, 0x00000000,
    0x01030120, 0x00000000, 0x00000312, 0x00000000, 0x02010123, 0x00000000, 0x02330121, 0x00000000,
};

static void dense2_relu2(const int8_t *in, int8_t *out, int32_t *scratch)
{
    uint32_t *const pairs = (uint32_t *)scratch;
    uint32_t total = 0;
    struct digits_24 digits;
    digits.x = in;
    digits.end = in + 12;
    digits.lists = (uint8_t *)(pairs + 8);
    digits.background = 0;

    do {
        if (digits.x == in) {
            digits.index = 0;
            for (unsigned i = 0; i != 8; i++) pairs[i] = 0;
        }
        list_digits_24_in_ram(&digits);
        total += digit_total_24(digits.lists, digits.ends, 7);
        add_rows_24_3_in_ram(digits.lists, digits.ends, 7, dense2_relu2_weights, 12, pairs, 2);
    } while (digits.x != digits.end);

    uint32_t less = total << 1;
    const int32_t more = (int32_t)(total);
    less -= (uint32_t)(more >> 1);
    const uint32_t largest = digit_largest(pairs, pairs + 3, less);
    digit_outputs_odd(pairs, pairs + 3, less, largest, (uint32_t)more & 1u, out);
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
    int32_t i32[61];
    int8_t i8[244];
} arena;

int gesture_classify(int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32;

    dense1_relu1(input, arena.i8 + 224, arena.i32);
    dense2_relu2(arena.i8 + 224, arena.i8 + 236, arena.i32);
    dense3(arena.i8 + 236, sums);

    int best = 0;
    for (int i = 1; i < 4; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

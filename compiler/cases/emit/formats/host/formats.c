/* formats: see formats.h for the network, the memory map and where this comes from. */
#include "formats.h"

#include <stddef.h>

/* Each function has a frame of its own on the stack: inlined into one, they would add up. */
#ifdef __GNUC__
#define FUNCTION static __attribute__((noinline))
#else
#define FUNCTION static
#endif

/* On chips that do not multiply: the value, but not where it is from. */
#define HIDDEN(value) (value)

/*
 * add_2bitsym_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 3, of unit 2 k from bit 2 k on and of unit 2 k + 1 from bit 2 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 21845 at
 * most, and 21845 times 3 is below 65536, so that no lane overflows.
 * For the next 8 units the same words are shifted further, as long as they have more.
 *
 * A level is 2*u - 3: `offset` is what -3 comes to for all inputs of the list.
 */
FUNCTION void add_2bitsym_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    unsigned shift = 0;
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18] >> shift;
            lanes0 += (word & 0x30003u) * d;
            lanes1 += (word >> 2 & 0x30003u) * d;
            lanes2 += (word >> 4 & 0x30003u) * d;
            lanes3 += (word >> 6 & 0x30003u) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes0 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes1 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes2 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes3 >> 16) << 1) + offset;
        shift = (shift + 8) & 15;
        if (shift == 0) weights++;
    } while (--groups != 0);
}

/*
 * list_inputs: lists the next inputs that are above the zero point, each with the place of its weights in the high half, as
 * many as there is room for and as add up to no more than a limit. Returns the end of the list, or NULL when an input is below
 * the zero point: then all lists are void.
 */
struct list_inputs {
    const int8_t *x, *end;           /* the inputs that are still to be listed */
    int32_t zero_point;
    uint32_t place, stride;          /* of the weights of *x, and from input to input: times 65536 */
    uint32_t limit, left;            /* what the inputs of a list may add up to, and how far from that they were */
    uint32_t *list, *full;           /* an entry for each input */
};

FUNCTION uint32_t *list_inputs(struct list_inputs *job)
{
    const int8_t *x = job->x;
    const int32_t zero_point = job->zero_point;
    uint32_t place = job->place, left = job->limit;
    uint32_t *entry = job->list;
    do {
        const uint32_t d = (uint32_t)(*x - zero_point);
        if (d != 0) {
            if (d > left) {
                if (d > 255) return NULL;
                break;
            }
            left -= d;
            *entry++ = place | d;
        }
        place += job->stride;
        x++;
    } while (x != job->end && entry != job->full);
    job->x = x;
    job->place = place;
    job->left = left;
    return entry;
}

/*
 * add_4bit_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 15, of unit 2 k from bit 4 k on and of unit 2 k + 1 from bit 4 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 4369 at
 * most, and 4369 times 15 is below 65536, so that no lane overflows.
 *
 * A level is u - 8: `offset` is what -8 comes to for all inputs of the list.
 */
FUNCTION void add_4bit_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18];
            lanes0 += (word & 0xF000Fu) * d;
            lanes1 += (word >> 4 & 0xF000Fu) * d;
            lanes2 += (word >> 8 & 0xF000Fu) * d;
            lanes3 += (word >> 12 & 0xF000Fu) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes0 >> 16)) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes1 >> 16)) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes2 >> 16)) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes3 >> 16)) + offset;
        weights++;
    } while (--groups != 0);
}

/*
 * add_4bitsym_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 15, of unit 2 k from bit 4 k on and of unit 2 k + 1 from bit 4 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 4369 at
 * most, and 4369 times 15 is below 65536, so that no lane overflows.
 *
 * A level is 2*u - 15: `offset` is what -15 comes to for all inputs of the list.
 */
FUNCTION void add_4bitsym_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18];
            lanes0 += (word & 0xF000Fu) * d;
            lanes1 += (word >> 4 & 0xF000Fu) * d;
            lanes2 += (word >> 8 & 0xF000Fu) * d;
            lanes3 += (word >> 12 & 0xF000Fu) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes0 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes1 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes2 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes3 >> 16) << 1) + offset;
        weights++;
    } while (--groups != 0);
}

/*
 * add_5bitsym_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 6 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 31, of unit 2 k from bit 5 k on and of unit 2 k + 1 from bit 5 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 2114 at
 * most, and 2114 times 31 is below 65536, so that no lane overflows.
 *
 * A level is 2*u - 31: `offset` is what -31 comes to for all inputs of the list.
 */
FUNCTION void add_5bitsym_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18];
            lanes0 += (word & 0x1F001Fu) * d;
            lanes1 += (word >> 5 & 0x1F001Fu) * d;
            lanes2 += (word >> 10 & 0x1F001Fu) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes0 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes1 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes2 >> 16) << 1) + offset;
        weights++;
    } while (--groups != 0);
}

/*
 * add_binary_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 1, of unit 2 k from bit 1 k on and of unit 2 k + 1 from bit 1 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 65535 at
 * most, and 65535 times 1 is below 65536, so that no lane overflows.
 * For the next 8 units the same words are shifted further, as long as they have more.
 *
 * A level is 2*u - 1: `offset` is what -1 comes to for all inputs of the list.
 */
FUNCTION void add_binary_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    unsigned shift = 0;
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18] >> shift;
            lanes0 += (word & 0x10001u) * d;
            lanes1 += (word >> 1 & 0x10001u) * d;
            lanes2 += (word >> 2 & 0x10001u) * d;
            lanes3 += (word >> 3 & 0x10001u) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes0 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes1 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes2 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes3 >> 16) << 1) + offset;
        shift = (shift + 4) & 15;
        if (shift == 0) weights++;
    } while (--groups != 0);
}

/*
 * add_binarysym_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 1, of unit 2 k from bit 1 k on and of unit 2 k + 1 from bit 1 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 65535 at
 * most, and 65535 times 1 is below 65536, so that no lane overflows.
 * For the next 8 units the same words are shifted further, as long as they have more.
 *
 * A level is 2*u - 1: `offset` is what -1 comes to for all inputs of the list.
 */
FUNCTION void add_binarysym_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    unsigned shift = 0;
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18] >> shift;
            lanes0 += (word & 0x10001u) * d;
            lanes1 += (word >> 1 & 0x10001u) * d;
            lanes2 += (word >> 2 & 0x10001u) * d;
            lanes3 += (word >> 3 & 0x10001u) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes0 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes1 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes2 >> 16) << 1) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu) << 1) + offset;
        *sums++ += (int32_t)((lanes3 >> 16) << 1) + offset;
        shift = (shift + 4) & 15;
        if (shift == 0) weights++;
    } while (--groups != 0);
}

/*
 * add_products: looks up the products of the inputs between `table` and `end` by the codes of their weights, and adds them to
 * the sums of 8 units at a time. After the products of an input comes the place of its weights, in bytes.
 */
FUNCTION void add_products(const int16_t *table, const int16_t *end, const uint32_t *weights, int32_t *sums, unsigned groups)
{
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
}

/*
 * add_fp130_inputs: adds inputs times their weights in fp130 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_fp130_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

FUNCTION void add_fp130_inputs(const struct add_fp130_inputs *job)
{
    const int8_t *x = job->x;
    unsigned place = 0;
    do {
        int16_t *products = job->tables;
        do {
            const int32_t d = *x++ - job->zero_point;
            if (d != 0) {
                uint32_t product = (uint32_t)d;
                for (unsigned exponent = 0; exponent != 8; exponent++) {
                    products[exponent] = (int16_t)product;
                    products[8 + exponent] = (int16_t)(0u - product);
                    product += product;
                }
                products[16] = (int16_t)place;
                products += 18;
            }
            place += job->stride;
        } while (x != job->end && products != job->full);
        if (products != job->tables) add_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_nf4_inputs: adds inputs times their weights in nf4 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_nf4_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

FUNCTION void add_nf4_inputs(const struct add_nf4_inputs *job)
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
        if (products != job->tables) add_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_pow2_inputs: adds inputs times their weights in pow2 to the sums of all units. Inputs that equal the zero point are
 * skipped; of any other the distance from it is multiplied by all levels at once, and each of its weights is then
 * looked up in a table of these products.
 */
struct add_pow2_inputs {
    const int8_t *x, *end;           /* the inputs */
    int32_t zero_point;
    const uint32_t *weights;
    unsigned stride, groups;         /* of the weights from one input to the next, in bytes; of 8 units */
    int32_t *sums;
    int16_t *tables, *full;          /* for each input 16 products and the place of its weights, filled up to 18 */
};

FUNCTION void add_pow2_inputs(const struct add_pow2_inputs *job)
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
        if (products != job->tables) add_products(job->tables, products, job->weights, job->sums, job->groups);
    } while (x != job->end);
}

/*
 * add_ternary_lanes: multiplies the inputs of a list by their weights, two at a time, and adds them to the sums of 8 units at
 * a time. An entry of the list has the place of its weights, in bytes, in the high half and the input in the low one.
 *
 * A word of weights has the number u of a level, 0 to 2, of unit 2 k from bit 2 k on and of unit 2 k + 1 from bit 2 k + 16 on:
 * masked out, the pair times an input is two products, each in a lane of 16 bits. The inputs of a list add up to 32767 at
 * most, and 32767 times 2 is below 65536, so that no lane overflows.
 * For the next 8 units the same words are shifted further, as long as they have more.
 *
 * A level is u - 1: `offset` is what -1 comes to for all inputs of the list.
 */
FUNCTION void add_ternary_lanes(uint32_t *list, uint32_t *end, const uint32_t *weights, int32_t *sums, unsigned groups, int32_t offset)
{
    unsigned shift = 0;
    do {
        uint32_t lanes0 = 0;
        uint32_t lanes1 = 0;
        uint32_t lanes2 = 0;
        uint32_t lanes3 = 0;
        for (const uint32_t *entry = list; entry != end; entry++) {
            const uint32_t d = *entry & 0xFFFFu;
            const uint32_t word = weights[*entry >> 18] >> shift;
            lanes0 += (word & 0x30003u) * d;
            lanes1 += (word >> 2 & 0x30003u) * d;
            lanes2 += (word >> 4 & 0x30003u) * d;
            lanes3 += (word >> 6 & 0x30003u) * d;
        }
        *sums++ += (int32_t)((lanes0 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes0 >> 16)) + offset;
        *sums++ += (int32_t)((lanes1 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes1 >> 16)) + offset;
        *sums++ += (int32_t)((lanes2 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes2 >> 16)) + offset;
        *sums++ += (int32_t)((lanes3 & 0xFFFFu)) + offset;
        *sums++ += (int32_t)((lanes3 >> 16)) + offset;
        shift = (shift + 8) & 15;
        if (shift == 0) weights++;
    } while (--groups != 0);
}

/*
 * dense1: 42 inputs -> 3 sums, 2bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 3.
 * Only what inputs are above the zero point is multiplied: the zero point, the lowest input, is worth itself times the sum
 * of a row's weights, which is known. Mostly it is the first.
 */
static const uint32_t dense1_weights[42] = {
    0x00020006, 0x00000000, 0x00010008, 0x0001000A, 0x00020004, 0x00020007, 0x00030005, 0x00000001,
    0x00000005, 0x00030006, 0x00030008, 0x00020008, 0x00020002, 0x00000007, 0x00020005, 0x0000000A,
    0x00010002, 0x00030006, 0x0003000D, 0x00010008, 0x00010006, 0x00010001, 0x0002000D, 0x0000000A,
    0x0000000F, 0x00010006, 0x00030005, 0x00000008, 0x00030007, 0x00010005, 0x00020006, 0x0002000A,
    0x0001000F, 0x00010003, 0x0001000D, 0x0000000B, 0x00010003, 0x0001000C, 0x0002000B, 0x00000008,
    0x0003000C, 0x00000000,
};

static const int16_t dense1_row_sums[8] = {
      -4,  -12,   -6, -126, -126, -126, -126, -126,
};

FUNCTION void dense1(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 42, *in, 0, 262144u, 21845, 21845, list, list + 40 };

for (;;) {
    const int32_t zero_point = job.zero_point;
    for (unsigned i = 0; i != 8; i++) sums[i] = zero_point * dense1_row_sums[i];

    uint32_t *end;
    do {
        end = list_inputs(&job);
        if (end == NULL) break;
        const int32_t total = (int32_t)(21845 - job.left);
        if (end != list) add_2bitsym_lanes(list, end, dense1_weights, sums, 1, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 2)));
    } while (job.x != job.end);
    if (end != NULL) break;

    /* The first input was not the lowest. */
    for (const int8_t *x = in; x != job.end; x++) {
        if (*x < job.zero_point) job.zero_point = *x;
    }
    job.x = in;
    job.place = 0;
}

    for (unsigned i = 0; i != 3; i++) out[i] = sums[i];
}

/*
 * rescale: clears negative sums and shifts the others right, rounding half up, as far as the largest needs to fit in
 * 7 bits. `out` may start where `in` does: every sum is read before bytes are written over it.
 */
FUNCTION void rescale(const int32_t *in, int8_t *out, unsigned count)
{
    const int32_t *const in_end = in + count;
    uint32_t bits = 0; /* of all sums: together they reach as high as those of the largest */
    const int32_t *sum = in;
    do {
        if (*sum > 0) bits |= (uint32_t)*sum;
    } while (++sum != in_end);

    unsigned shift = 0;
    while (bits >> shift > 127) shift++;
    const uint32_t half = (1u << shift) >> 1;

    /* What is rounded up to one bit more saturates. */
    do {
        const uint32_t value = *in < 0 ? 0 : ((uint32_t)*in + half) >> shift;
        *out++ = (int8_t)(value - (value >> 7));
    } while (++in != in_end);
}

/*
 * dense2: 3 inputs -> 4 sums, 4bit weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, u - 8.
 * Inputs that are zero are left out.
 */
static const uint32_t dense2_weights[3] = {
    0x005E0024, 0x00FE006A, 0x00DF00EA,
};

FUNCTION void dense2(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 3, 0, 0, 262144u, 4369, 4369, list, list + 12 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(4369 - job.left);
    if (end != list) add_4bit_lanes(list, end, dense2_weights, sums, 1, (int32_t)(0u - ((uint32_t)total << 3)));
} while (job.x != job.end);

    for (unsigned i = 0; i != 4; i++) out[i] = sums[i];
}

/*
 * dense3: 4 inputs -> 5 sums, 4bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 15.
 * Inputs that are zero are left out.
 */
static const uint32_t dense3_weights[4] = {
    0x00630F93, 0x008700FF, 0x000207EB, 0x007B0F4C,
};

FUNCTION void dense3(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 4, 0, 0, 262144u, 4369, 4369, list, list + 12 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(4369 - job.left);
    if (end != list) add_4bitsym_lanes(list, end, dense3_weights, sums, 1, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 4)));
} while (job.x != job.end);

    for (unsigned i = 0; i != 5; i++) out[i] = sums[i];
}

/*
 * dense4: 5 inputs -> 6 sums, 5bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 31.
 * Inputs that are zero are left out.
 */
static const uint32_t dense4_weights[5] = {
    0x654E375B, 0x1DD635C6, 0x61B8233B, 0x22DC569D, 0x6B9A093E,
};

FUNCTION void dense4(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = out;
    uint32_t *const list = (uint32_t *)(scratch);
struct list_inputs job = { in, in + 5, 0, 0, 262144u, 2114, 2114, list, list + 40 };

for (unsigned i = 0; i != 6; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(2114 - job.left);
    if (end != list) add_5bitsym_lanes(list, end, dense4_weights, sums, 1, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 5)));
} while (job.x != job.end);
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

FUNCTION void dense5(const int8_t *in, int32_t *out)
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
            const int8_t *const stop = in_end - x < 4 ? in_end : HIDDEN(x) + 4;
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
 * dense6: 7 inputs -> 8 sums, binary weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 1.
 * Inputs that are zero are left out.
 */
static const uint32_t dense6_weights[7] = {
    0x0000000E, 0x00060009, 0x000D0006, 0x000B0001, 0x0003000B, 0x000B000D, 0x00030002,
};

FUNCTION void dense6(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = out;
    uint32_t *const list = (uint32_t *)(scratch);
struct list_inputs job = { in, in + 7, 0, 0, 262144u, 65535, 65535, list, list + 40 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(65535 - job.left);
    if (end != list) add_binary_lanes(list, end, dense6_weights, sums, 1, -total);
} while (job.x != job.end);
}

/*
 * dense7: 8 inputs -> 9 sums, binarysym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 1.
 * Inputs that are zero are left out.
 */
static const uint32_t dense7_weights[8] = {
    0x00070012, 0x000D0002, 0x00090017, 0x000E0000, 0x000C001B, 0x000D0016, 0x000F0011, 0x000A0016,
};

FUNCTION void dense7(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 16);
struct list_inputs job = { in, in + 8, 0, 0, 262144u, 65535, 65535, list, list + 12 };

for (unsigned i = 0; i != 16; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(65535 - job.left);
    if (end != list) add_binarysym_lanes(list, end, dense7_weights, sums, 2, -total);
} while (job.x != job.end);

    for (unsigned i = 0; i != 9; i++) out[i] = sums[i];
}

/*
 * dense8: 9 inputs -> 10 sums, csd2 weights, looked up and multiplied.
 *
 * Each word holds 5 codes, the first in the low bits; a row starts with a new word.
 */
static const uint32_t dense8_weights[20] = {
    0x3AD58032, 0x000EBAA3, 0x3954DB49, 0x008D8D44, 0x0C42F824, 0x00DE5583, 0x16134802, 0x003E5EF6,
    0x30B20CAF, 0x00B3D05E, 0x1CB45DF8, 0x0030F68E, 0x16C87A55, 0x0045CA97, 0x273F5434, 0x007EE49C,
    0x2D744F6F, 0x00240793, 0x26708F1C, 0x0065FE75,
};

static const int8_t dense8_levels[64] = {
    -64, -63, -62, -60, -56, -48, -40, -36,
    -34, -33, -32, -31, -30, -28, -24, -20,
    -18, -17, -16, -15, -14, -12, -10,  -9,
     -8,  -7,  -6,  -5,  -4,  -3,  -2,  -1,
      0,   1,   2,   3,   4,   5,   6,   7,
      8,   9,  10,  12,  14,  15,  16,  17,
     18,  20,  24,  28,  30,  31,  32,  33,
     34,  36,  40,  48,  56,  60,  62,  63,
};

FUNCTION void dense8(const int8_t *in, int32_t *out)
{
    const int8_t *const in_end = in + 9;
    const int32_t *const out_end = out + 10;
    const uint32_t *words = dense8_weights;

    do {
        const int8_t *x = in;
        int32_t sum = 0;
        do {
            const int8_t *const stop = in_end - x < 5 ? in_end : HIDDEN(x) + 5;
            uint32_t codes = *words++;
            do {
                sum += dense8_levels[codes & 63u] * *x++;
                codes >>= 6;
            } while (x != stop);
        } while (x != in_end);
        *out++ = sum;
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

    const struct add_fp130_inputs job = {
        in, in + 10, 0, dense9_weights, 8, 2, sums, products, products + 144,
    };
    add_fp130_inputs(&job);

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

    const struct add_nf4_inputs job = {
        in, in + 11, 0, dense10_weights, 8, 2, sums, products, products + 144,
    };
    add_nf4_inputs(&job);

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

    const struct add_pow2_inputs job = {
        in, in + 12, 0, dense11_weights, 8, 2, sums, products, products + 144,
    };
    add_pow2_inputs(&job);

    for (unsigned i = 0; i != 13; i++) out[i] = sums[i];
}

/*
 * dense12: 13 inputs -> 14 sums, ternary weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, u - 1.
 * Inputs that are zero are left out.
 */
static const uint32_t dense12_weights[13] = {
    0x2A160294, 0x20191521, 0x02261412, 0x2AA40580, 0x1A401686, 0x29561088, 0x25040881, 0x11220645,
    0x09850964, 0x14A90958, 0x09602245, 0x06541861, 0x08A20220,
};

FUNCTION void dense12(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 16);
struct list_inputs job = { in, in + 13, 0, 0, 262144u, 32767, 32767, list, list + 40 };

for (unsigned i = 0; i != 16; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(32767 - job.left);
    if (end != list) add_ternary_lanes(list, end, dense12_weights, sums, 2, -total);
} while (job.x != job.end);

    for (unsigned i = 0; i != 14; i++) out[i] = sums[i];
}

/* Everything between the layers; formats.h says what lies where. */
static union {
    int32_t i32[104];
    int8_t i8[416];
} arena;

int formats_infer(const int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 56;

    dense1(input, arena.i32 + 48, arena.i32);
    rescale(arena.i32 + 48, arena.i8 + 96, 3); /* relu1 */
    dense2(arena.i8 + 96, arena.i32 + 20, arena.i32);
    rescale(arena.i32 + 20, arena.i8 + 100, 4); /* relu2 */
    dense3(arena.i8 + 100, arena.i32 + 20, arena.i32);
    rescale(arena.i32 + 20, arena.i8 + 184, 5); /* relu3 */
    dense4(arena.i8 + 184, arena.i32 + 40, arena.i32);
    rescale(arena.i32 + 40, arena.i8 + 28, 6); /* relu4 */
    dense5(arena.i8 + 28, arena.i32);
    rescale(arena.i32, arena.i8 + 192, 7); /* relu5 */
    dense6(arena.i8 + 192, arena.i32 + 40, arena.i32);
    rescale(arena.i32 + 40, arena.i8 + 148, 8); /* relu6 */
    dense7(arena.i8 + 148, arena.i32 + 28, arena.i32);
    rescale(arena.i32 + 28, arena.i8 + 40, 9); /* relu7 */
    dense8(arena.i8 + 40, arena.i32);
    rescale(arena.i32, arena.i8 + 396, 10); /* relu8 */
    dense9(arena.i8 + 396, arena.i32 + 88, arena.i32);
    rescale(arena.i32 + 88, arena.i8 + 400, 11); /* relu9 */
    dense10(arena.i8 + 400, arena.i32 + 88, arena.i32);
    rescale(arena.i32 + 88, arena.i8 + 404, 12); /* relu10 */
    dense11(arena.i8 + 404, arena.i32 + 88, arena.i32);
    rescale(arena.i32 + 88, arena.i8 + 280, 13); /* relu11 */
    dense12(arena.i8 + 280, sums, arena.i32);

    int best = 0;
    for (int i = 1; i < 14; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

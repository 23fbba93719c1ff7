/* glyphs: see glyphs.h for the network, the memory map and where this comes from. */
#include "glyphs.h"

#include <stddef.h>

/* Each function has a frame of its own on the stack: inlined into one, they would add up. */
#ifdef __GNUC__
#define FUNCTION static __attribute__((noinline))
#else
#define FUNCTION static
#endif

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
 * edges, one channel: 3 x 3 windows of 12 x 12 values; 4bit weights.
 *
 * A weight is stored as the number u of its level, u - 8.
 * Each word holds 2 of them, the first in the low bits; the row of a channel starts with a new word.
 */
static const uint8_t edges_weights[20] = {
    254,  77,  44, 227,   3, 235, 109, 165,
    203,   0,  46, 119,  32, 139,   2, 121,
    168,  63, 168,   6,
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

    for (unsigned band = 0; band != 120; band += 12) {
        for (unsigned corner = band; corner != band + 10; corner += 1) {
            const int8_t *const x = in + corner;
            int32_t value = 0;
            value += weights[0] * x[0];
            value += weights[1] * x[1];
            value += weights[2] * x[2];
            value += weights[3] * x[12];
            value += weights[4] * x[13];
            value += weights[5] * x[14];
            value += weights[6] * x[24];
            value += weights[7] * x[25];
            value += weights[8] * x[26];
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
 * dwconv1, one channel: 3 x 3 windows of 10 x 10 values; nf4 weights.
 *
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

    int16_t x[9];
    int band = -11;
    for (int top = -1; top != 9; top += 1) {
        int corner = band;
        for (int left = -1; left != 9; left += 1) {
            int32_t value = 0;
            int16_t *slot = x;
            int at = corner;
            for (int y = top; y != top + 3; y++) {
                for (int column = 0; column != 3; column++) {
                    const int inside = y >= 0 && y < 10 && left + column >= 0 && left + column < 10;
                    *slot++ = inside ? in[at + column] : 0;
                }
                at += 10;
            }
            for (int tap = 0; tap != 9; tap++) value += weights[tap] * x[tap];
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
 * conv2, one channel: 2 x 2 windows of 5 x 5 values, 4 channels of it, stride 2; ternary weights.
 *
 * A weight is stored as the number u of its level, u - 1.
 * Each word holds 10 of them, base-3 digits of a fraction of 2^16; the row of a channel starts with a new word.
 */
static const uint16_t conv2_weights[12] = {
    0xC1FC, 0x1082, 0xE117, 0xD367, 0xA697, 0x5DC3, 0xA235, 0x73E3,
    0x70D2, 0xA99D, 0x76A5, 0x0B97,
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

    for (unsigned band = 0; band != 20; band += 10) {
        for (unsigned corner = band; corner != band + 4; corner += 2) {
            const uint16_t *const x = in + corner;
            int32_t value = 0;
            const int8_t *w = weights;
            for (unsigned plane = 0; plane != 100; plane += 25) {
                value += w[0] * x[plane];
                value += w[1] * x[plane + 1];
                value += w[2] * x[plane + 5];
                value += w[3] * x[plane + 6];
                w += 4;
            }
            *out++ = (int32_t)value;
        }
    }
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
 * dense1: 6 inputs -> 3 sums, 4bit weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, u - 8.
 * Inputs that are zero are left out.
 */
static const uint32_t dense1_weights[6] = {
    0x000C005E, 0x0001006B, 0x000B00F8, 0x000C00B2, 0x0002006F, 0x000100B8,
};

FUNCTION void dense1(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 6, 0, 0, 262144u, 4369, 4369, list, list + 96 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(4369 - job.left);
    if (end != list) add_4bit_lanes(list, end, dense1_weights, sums, 1, (int32_t)(0u - ((uint32_t)total << 3)));
} while (job.x != job.end);

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
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 104;

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
    rescale(arena.i32, arena.i8, 24); /* relu3 */
    {
        const int8_t *avgpool1_in = arena.i8;
        int8_t *avgpool1_out = arena.i8 + 428;
        for (unsigned channels = 6; channels != 0; channels--) {
            avgpool1(avgpool1_in, avgpool1_out);
            avgpool1_in += 4;
            avgpool1_out += 1;
        }
    }
    dense1(arena.i8 + 428, sums, arena.i32);

    int best = 0;
    for (int i = 1; i < 3; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

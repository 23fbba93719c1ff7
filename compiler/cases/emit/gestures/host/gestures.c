/* gestures: see gestures.h for the network, the memory map and where this comes from. */
#include "gestures.h"

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
 * dense1: 24 inputs -> 12 sums, 2bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 3.
 * Only what inputs are above the zero point is multiplied: the zero point, the lowest input, is worth itself times the sum
 * of a row's weights, which is known. Mostly it is the first.
 */
static const uint32_t dense1_weights[24] = {
    0x0BF90450, 0x00AD028D, 0x0852025B, 0x0692018D, 0x0F5F09FA, 0x04050A72, 0x059D0EAA, 0x00AB0881,
    0x0C290E9E, 0x01A50600, 0x07760C5A, 0x0C020215, 0x096A07F9, 0x00FB087E, 0x036103C5, 0x069803EB,
    0x01E002BD, 0x0BA00DAB, 0x04340D0A, 0x0B96067F, 0x08430DA4, 0x03D20B64, 0x0C3E0F69, 0x0EDA0E45,
};

static const int16_t dense1_row_sums[16] = {
     -2,   2,  10, -10,  -2,   6,   2,   2,
      8, -10,   4,  -6, -72, -72, -72, -72,
};

FUNCTION void dense1(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 16);
struct list_inputs job = { in, in + 24, *in, 0, 262144u, 21845, 21845, list, list + 12 };

for (;;) {
    const int32_t zero_point = job.zero_point;
    for (unsigned i = 0; i != 16; i++) sums[i] = zero_point * dense1_row_sums[i];

    uint32_t *end;
    do {
        end = list_inputs(&job);
        if (end == NULL) break;
        const int32_t total = (int32_t)(21845 - job.left);
        if (end != list) add_2bitsym_lanes(list, end, dense1_weights, sums, 2, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 2)));
    } while (job.x != job.end);
    if (end != NULL) break;

    /* The first input was not the lowest. */
    for (const int8_t *x = in; x != job.end; x++) {
        if (*x < job.zero_point) job.zero_point = *x;
    }
    job.x = in;
    job.place = 0;
}

    for (unsigned i = 0; i != 12; i++) out[i] = sums[i];
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
 * dense2: 12 inputs -> 6 sums, 2bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 3.
 * Inputs that are zero are left out.
 */
static const uint32_t dense2_weights[12] = {
    0x001C002A, 0x00250033, 0x0021002E, 0x00240023, 0x00080036, 0x00090036, 0x00240005, 0x00120026,
    0x00070024, 0x0000001E, 0x00090027, 0x003B0025,
};

FUNCTION void dense2(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 12, 0, 0, 262144u, 21845, 21845, list, list + 12 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(21845 - job.left);
    if (end != list) add_2bitsym_lanes(list, end, dense2_weights, sums, 1, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 2)));
} while (job.x != job.end);

    for (unsigned i = 0; i != 6; i++) out[i] = sums[i];
}

/*
 * dense3: 6 inputs -> 4 sums, 2bitsym weights, two to a multiplication.
 *
 * A weight is stored as the number u of its level, 2*u - 3.
 * Inputs that are zero are left out.
 */
static const uint32_t dense3_weights[6] = {
    0x000E0006, 0x00000005, 0x0008000B, 0x00090001, 0x00080003, 0x000B0003,
};

FUNCTION void dense3(const int8_t *in, int32_t *out, int32_t *scratch)
{
    int32_t *const sums = scratch;
    uint32_t *const list = (uint32_t *)(scratch + 8);
struct list_inputs job = { in, in + 6, 0, 0, 262144u, 21845, 21845, list, list + 12 };

for (unsigned i = 0; i != 8; i++) sums[i] = 0;
do {
    uint32_t *const end = list_inputs(&job);
    const int32_t total = (int32_t)(21845 - job.left);
    if (end != list) add_2bitsym_lanes(list, end, dense3_weights, sums, 1, (int32_t)((uint32_t)total - HIDDEN((uint32_t)total << 2)));
} while (job.x != job.end);

    for (unsigned i = 0; i != 4; i++) out[i] = sums[i];
}

/* Everything between the layers; gestures.h says what lies where. */
static union {
    int32_t i32[40];
    int8_t i8[160];
} arena;

int gesture_classify(const int8_t *input, int32_t *logits)
{
    int32_t *const sums = logits != NULL ? logits : arena.i32 + 20;

    dense1(input, arena.i32 + 28, arena.i32);
    rescale(arena.i32 + 28, arena.i8 + 104, 12); /* relu1 */
    dense2(arena.i8 + 104, arena.i32 + 20, arena.i32);
    rescale(arena.i32 + 20, arena.i8 + 104, 6); /* relu2 */
    dense3(arena.i8 + 104, sums, arena.i32);

    int best = 0;
    for (int i = 1; i < 4; i++) {
        if (sums[i] > sums[best]) best = i;
    }
    return best;
}

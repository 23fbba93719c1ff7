/* A program that meets what matters in a simulator: recursion, software multiplication, initialized data, code in RAM,
 * code made at run time, a console and a clock. Its results are checked against the same in TypeScript. */
#include <stdint.h>

#define APART __attribute__((noinline, noclone))
#define IN_RAM __attribute__((noinline, section(".ramcode")))
#define USART_DATA (*(volatile uint32_t *)0x40013804)
#define SYSTICK ((volatile uint32_t *)0xe000f000)

enum { count = 64 };
uint32_t sorted[count];
uint32_t products[8];
uint32_t calls = 1000; /* initialized: start-up must have copied it */
uint32_t ticks;
int32_t made[2];

static uint32_t next(uint32_t *state) { return *state = *state * 1664525u + 1013904223u; }

APART void sort(uint32_t *values, int length)
{
    if (length < 2)
        return;
    uint32_t pivot = values[length / 2];
    int i = 0, j = length - 1;
    while (i <= j) {
        while (values[i] < pivot) i++;
        while (values[j] > pivot) j--;
        if (i <= j) {
            uint32_t swapped = values[i];
            values[i++] = values[j];
            values[j--] = swapped;
        }
    }
    sort(values, j + 1);
    sort(values + i, length - i);
}

APART int depth(int n)
{
    calls++;
    if (n < 2)
        return 1;
    int a = depth(n - 1), b = depth(n - 2);
    return 1 + (a > b ? a : b);
}

IN_RAM uint32_t weigh(const uint32_t *values, uint32_t weight)
{
    uint32_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += (values[i] >> 16) * weight;
    return sum;
}

/* Writes a function that returns a number, and calls it. */
APART int make(int number)
{
    static uint16_t code[2] __attribute__((aligned(4)));
    volatile uint16_t *word = code;
    word[0] = 0x4501 | (number & 31) << 2; /* c.li a0, number */
    word[1] = 0x8082;                      /* c.jr ra */
    __asm__ volatile(".word 0x0000100f" ::: "memory"); /* fence.i */
    return ((int (*)(void))code)();
}

APART void print(const char *text)
{
    while (*text)
        USART_DATA = *text++;
}

uint32_t work(uint32_t seed)
{
    for (int i = 0; i < count; i++)
        sorted[i] = next(&seed);
    sort(sorted, count);
    for (int i = 0; i < 8; i++)
        products[i] = weigh(sorted, i + 1);
    made[0] = make(7);
    made[1] = make(11);
    return depth(9);
}

int main(void)
{
    SYSTICK[4] = 0xffffffff;
    SYSTICK[0] = 5;
    uint32_t begin = SYSTICK[2];
    uint32_t deepest = work(42);
    ticks = SYSTICK[2] - begin;
    print(deepest == 9 ? "done\n" : "wrong\n");
    return 0;
}

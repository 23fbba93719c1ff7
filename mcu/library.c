/* What compilers may call for any C, also where no C library is linked; what nothing calls is dropped by the linker. */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    char *out = to;
    for (const char *in = from; count > 0; count--) *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    char *out = to;
    const char *in = from;
    if (out <= in) return memcpy(to, from, count);
    for (out += count, in += count; count > 0; count--) *--out = *--in;
    return to;
}

void *memset(void *to, int value, size_t count)
{
    for (char *out = to; count > 0; count--) *out++ = (char)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t count)
{
    const unsigned char *a = left, *b = right;
    for (; count > 0; count--, a++, b++) {
        if (*a != *b) return *a - *b;
    }
    return 0;
}

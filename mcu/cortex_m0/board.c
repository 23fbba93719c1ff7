/*
 * What all Cortex-M0 and M0+ parts have in common: ticks from SysTick, and semihosting as the console, which a debugger
 * or an emulator answers. For a part without a debugger put its UART into board_write and its clock into board_init;
 * until then the part runs at its reset clock.
 */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define SYST_CSR REGISTER(0xE000E010)
#define SYST_RVR REGISTER(0xE000E014)
#define SYST_CVR REGISTER(0xE000E018)

enum {
    COUNTER_ENABLE = 1u << 0,
    COUNT_CORE_CLOCK = 1u << 2,
    COUNTER_MASK = 0xFFFFFFu, /* 24 bits, counted downwards */
    SYS_WRITEC = 3,
};

static void semihost(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

void board_init(void)
{
    SYST_RVR = COUNTER_MASK;
    SYST_CVR = 0;
    SYST_CSR = COUNTER_ENABLE | COUNT_CORE_CLOCK;
}

void board_write(char character)
{
    semihost(SYS_WRITEC, &character);
}

uint32_t board_ticks(void)
{
    return COUNTER_MASK - SYST_CVR;
}

uint32_t board_ticks_since(uint32_t start)
{
    return (board_ticks() - start) & COUNTER_MASK;
}

void board_disable_interrupts(void)
{
    __asm__ volatile("cpsid i" : : : "memory");
}

void board_enable_interrupts(void)
{
    __asm__ volatile("cpsie i" : : : "memory");
}

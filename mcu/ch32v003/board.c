/*
 * CH32V003 and CH32V00x: core clock from the internal oscillator and the PLL, console on USART1 (pin PD5, 115200 baud,
 * 8N1), ticks from SysTick. The build says CLOCK_HZ and FLASH_WAIT_STATES, as target.yaml has them.
 */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_CTLR REGISTER(0x40021000)
#define RCC_CFGR0 REGISTER(0x40021004)
#define RCC_APB2PCENR REGISTER(0x40021018)
#define FLASH_ACTLR REGISTER(0x40022000)
#define GPIOD_CFGLR REGISTER(0x40011400)
#define USART1_STATR REGISTER(0x40013800)
#define USART1_DATAR REGISTER(0x40013804)
#define USART1_BRR REGISTER(0x40013808)
#define USART1_CTLR1 REGISTER(0x4001380C)
#define STK_CTLR REGISTER(0xE000F000)
#define STK_CNT REGISTER(0xE000F008)

/* The internal oscillator of 24 MHz, doubled. */
#if CLOCK_HZ != 48000000
#error "this board code sets the core clock to 48 MHz"
#endif

enum {
    HSION = 1u << 0,
    HSITRIM_DEFAULT = 16u << 3,
    PLLON = 1u << 24,
    PLLRDY = 1u << 25,
    SW_PLL = 2u << 0,
    SWS_MASK = 3u << 2,
    SWS_PLL = 2u << 2,
    GPIOD_ENABLE = 1u << 5,
    USART1_ENABLE = 1u << 14,
    ALTERNATE_PUSH_PULL_10MHZ = 0x9u,
    USART_ENABLE = 1u << 13,
    TRANSMITTER_ENABLE = 1u << 3,
    TRANSMIT_EMPTY = 1u << 7,
    COUNTER_ENABLE = 1u << 0,
    COUNT_EVERY_CYCLE = 1u << 2,
};

static void start_clock(void)
{
    FLASH_ACTLR = FLASH_WAIT_STATES;
    RCC_CFGR0 = 0;
    RCC_CTLR = HSION | HSITRIM_DEFAULT | PLLON;
    while (!(RCC_CTLR & PLLRDY)) {}
    RCC_CFGR0 = SW_PLL;
    while ((RCC_CFGR0 & SWS_MASK) != SWS_PLL) {}
}

void board_init(void)
{
    start_clock();
    RCC_APB2PCENR |= GPIOD_ENABLE | USART1_ENABLE;
    GPIOD_CFGLR = (GPIOD_CFGLR & ~(0xFu << 20)) | (uint32_t)ALTERNATE_PUSH_PULL_10MHZ << 20;
    USART1_BRR = (CLOCK_HZ + 115200 / 2) / 115200;
    USART1_CTLR1 = USART_ENABLE | TRANSMITTER_ENABLE;
    STK_CTLR = COUNTER_ENABLE | COUNT_EVERY_CYCLE;
}

void board_write(char character)
{
    while (!(USART1_STATR & TRANSMIT_EMPTY)) {}
    USART1_DATAR = (uint8_t)character;
}

uint32_t board_ticks(void)
{
    return STK_CNT;
}

uint32_t board_ticks_since(uint32_t start)
{
    return STK_CNT - start;
}

/* Bit 3 of mstatus. */
#define CHANGE_INTERRUPTS(instruction) \
    __asm__ volatile(".option push\n.option arch, +zicsr\n" instruction " mstatus, 8\n.option pop" : : : "memory")

void board_disable_interrupts(void)
{
    CHANGE_INTERRUPTS("csrci");
}

void board_enable_interrupts(void)
{
    CHANGE_INTERRUPTS("csrsi");
}

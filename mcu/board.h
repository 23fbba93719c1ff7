/*
 * What a firmware needs of its chip beside the core. Each folder of mcu/ that has start-up code implements it in its
 * board.c; the start-up code calls board_init before main.
 */
#ifndef FIRMWARE_BOARD_H
#define FIRMWARE_BOARD_H

#include <stdint.h>

/* Full speed, counter and console on. */
void board_init(void);

/* Sends one character to the console; waits until it is taken. */
void board_write(char character);

/* Core clock cycles, counted upwards. */
uint32_t board_ticks(void);

/* Cycles since board_ticks returned start; right as long as the counter has come round less than once. */
uint32_t board_ticks_since(uint32_t start);

/* Around what must not be interrupted. */
void board_disable_interrupts(void);
void board_enable_interrupts(void);

#endif

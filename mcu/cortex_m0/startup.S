/*
 * Start-up of Cortex-M0 and M0+ cores: the vector table, then what C expects before main. Interrupts of peripherals
 * would follow from entry 16 on, in the order of the part's reference manual: this firmware switches none on.
 */
    .syntax unified
    .cpu    cortex-m0
    .thumb

    .section .vectors, "a", %progbits
    .globl  vectors
vectors:
    .word   stack_top
    .word   reset
    .word   nmi_handler         /*  2 */
    .word   hard_fault_handler  /*  3 */
    .word   0, 0, 0, 0, 0, 0, 0 /*  4 to 10 */
    .word   svcall_handler      /* 11 */
    .word   0, 0                /* 12, 13 */
    .word   pendsv_handler      /* 14 */
    .word   systick_handler     /* 15 */

/* Where nobody defines a handler the chip ends here. */
    .macro  handler name
    .weak   \name
    .thumb_set \name, trapped
    .endm

    handler nmi_handler
    handler hard_fault_handler
    handler svcall_handler
    handler pendsv_handler
    handler systick_handler

    .section .text.reset, "ax", %progbits
    .globl  reset
    .type   reset, %function
    .thumb_func
reset:
    ldr     r0, =load_start     /* code and data that live in RAM */
    ldr     r1, =ram_start
    ldr     r2, =ram_end
    b       2f
1:  ldr     r3, [r0]
    str     r3, [r1]
    adds    r0, r0, #4
    adds    r1, r1, #4
2:  cmp     r1, r2
    blo     1b

    ldr     r2, =zero_end       /* zeroes follow */
    movs    r3, #0
    b       4f
3:  str     r3, [r1]
    adds    r1, r1, #4
4:  cmp     r1, r2
    blo     3b

    bl      board_init
    bl      main
    ldr     r1, =0x20026        /* semihosting: the application ended */
    b       exit
    .size   reset, . - reset

    .type   trapped, %function
    .thumb_func
trapped:
    ldr     r1, =0x20023        /* semihosting: a run-time error */
exit:
    movs    r0, #0x18
    bkpt    0xAB
    b       exit
    .size   trapped, . - trapped
    .pool

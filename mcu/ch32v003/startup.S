/*
 * Start-up of QingKe V2 cores: the vector table, then what C expects before main. The core starts at address 0 with the
 * instruction that is entry 0; entries 2 to 15 are addresses of handlers. Interrupts of peripherals would follow from
 * entry 16 on, in the order of the chip's reference manual: this firmware switches none on.
 */
    .option arch, +zicsr

    .section .vectors, "ax", @progbits
    .globl vectors
vectors:
    .option push
    .option norvc
    j       reset               /*  0 reset */
    .option pop
    .word   0                   /*  1 */
    .word   nmi_handler         /*  2 */
    .word   hard_fault_handler  /*  3 */
    .word   0                   /*  4 */
    .word   0, 0, 0, 0, 0, 0, 0 /*  5 to 11 */
    .word   systick_handler     /* 12 */
    .word   0                   /* 13 */
    .word   software_handler    /* 14 */
    .word   0                   /* 15 */

/* Where nobody defines a handler the chip waits here, for a debugger to look at mcause and mepc. */
    .macro  handler name
    .weak   \name
    .set    \name, stopped
    .endm

    handler nmi_handler
    handler hard_fault_handler
    handler systick_handler
    handler software_handler

    .section .text.reset, "ax", @progbits
    .globl  reset
    .type   reset, @function
reset:
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      sp, stack_top
    li      a0, 0x1880          /* machine mode, interrupts on after the next mret */
    csrw    mstatus, a0
    la      a0, vectors
    ori     a0, a0, 3           /* the table holds addresses, one for each cause */
    csrw    mtvec, a0

    la      a0, load_start      /* code and data that live in RAM */
    la      a1, ram_start
    la      a2, ram_end
    j       2f
1:  lw      a3, 0(a0)
    sw      a3, 0(a1)
    addi    a0, a0, 4
    addi    a1, a1, 4
2:  bltu    a1, a2, 1b

    la      a2, zero_end        /* zeroes follow */
    j       4f
3:  sw      zero, 0(a1)
    addi    a1, a1, 4
4:  bltu    a1, a2, 3b

    jal     board_init
    jal     main
    .size   reset, . - reset

    .type   stopped, @function
stopped:
    j       stopped
    .size   stopped, . - stopped

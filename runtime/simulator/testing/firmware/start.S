/* Copies data to RAM, clears the rest, calls main. */
    .section .start, "ax"
    .globl start
start:
    la sp, stack_top
    la a0, data_begin
    la a1, data_end
    la a2, data_stored
    j 2f
1:  lw a3, 0(a2)
    sw a3, 0(a0)
    addi a0, a0, 4
    addi a2, a2, 4
2:  bltu a0, a1, 1b
    la a1, bss_end
    j 2f
1:  sw zero, 0(a0)
    addi a0, a0, 4
2:  bltu a0, a1, 1b
    call main
3:  j 3b

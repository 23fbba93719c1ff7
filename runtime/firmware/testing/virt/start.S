/* Calls main on QEMU's `virt` machine, whose RAM holds everything and begins as zeroes, and ends the program there. */
    .section .start, "ax"
    .globl start
start:
    la sp, stack_top
    call main
    lui t1, 0x100
    lui t2, 0x5
    addi t2, t2, 0x555
    sw t2, 0(t1)

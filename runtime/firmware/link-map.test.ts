import { expect, test } from "vitest";
import { readLinkMap } from "./link-map.js";

const map = `
Discarded input sections

 .text.unused   0x00000000        0x8 firmware/board.o

Memory Configuration

Linker script and memory map

.text           0x00000040      0x134
 *(.text.reset)
 .text.reset    0x00000040       0x5e firmware/startup.o
                0x00000040                reset
 .text.startup.main
                0x0000009e       0x40 firmware/main.o
 *fill*         0x000000de        0x2 
 .text.empty    0x000000e0        0x0 net.o

.a-long-section-name
                0x00000100       0x10
 .a-long-section-name
                0x00000100       0x10 net.o

.bss            0x20000004      0x104 load address 0x00000178
 .bss.input     0x20000004      0x100 firmware/main.o
 COMMON         0x20000104        0x4 net.o
`;

test("contributions are read with their objects, padding without; what was dropped is not there", () => {
  expect(readLinkMap(map)).toEqual([
    { section: ".text.reset", into: ".text", address: 0x40, bytes: 0x5e, object: "firmware/startup.o" },
    { section: ".text.startup.main", into: ".text", address: 0x9e, bytes: 0x40, object: "firmware/main.o" },
    { section: "*fill*", into: ".text", address: 0xde, bytes: 2 },
    { section: ".a-long-section-name", into: ".a-long-section-name", address: 0x100, bytes: 0x10, object: "net.o" },
    { section: ".bss.input", into: ".bss", address: 0x20000004, bytes: 0x100, object: "firmware/main.o" },
    { section: "COMMON", into: ".bss", address: 0x20000104, bytes: 4, object: "net.o" },
  ]);
});

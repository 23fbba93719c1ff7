import { expect, test } from "vitest";
import { assemblyStatement } from "./assembly.js";

const owner = { prefix: "net_infer", name: "add" };

test("lines become strings, what is behind # comments of C", () => {
  expect(assemblyStatement("# a0 in\n    lw a0, 0(a0)   # the first\n\n    ret\n", {}, owner)).toBe(
    '__asm__(\n    /* a0 in */\n    "    lw a0, 0(a0)\\n" /* the first */\n\n    "    ret\\n" \n);\n',
  );
});

test("symbols of C are operands, whatever they are called when the program is linked", () => {
  expect(assemblyStatement("    lui t1, %hi(&state + 4)\n    j &run", {}, owner)).toBe(
    '__asm__ volatile(\n    "    lui t1, %%hi(%[state] + 4)\\n" \n    "    j %[run]\\n" \n    :\n    : [run] "i"(run), [state] "i"(state));\n',
  );
});

test("macros and symbols of a block are its own, and its arguments are not", () => {
  const text = assemblyStatement(
    "    .macro  carry carry, at\n    lw \\carry, \\at(a0)\n    .endm\n    .set place, 0\n1:  carry a1, place",
    { outputs: '"+r"(a0)', clobbers: '"a1"' },
    owner,
  );
  expect(text.split("\n").slice(1)).toEqual([
    '    "    .macro  net_infer_add_carry carry, at\\n" ',
    '    "    lw \\\\carry, \\\\at(a0)\\n" ',
    '    "    .endm\\n" ',
    '    "    .set net_infer_add_place, 0\\n" ',
    '    "1:  net_infer_add_carry a1, net_infer_add_place\\n" ',
    '    "    .purgem net_infer_add_carry\\n"',
    '    : "+r"(a0)',
    "    :",
    '    : "a1");',
    "",
  ]);
});

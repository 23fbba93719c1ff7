import { expect, test } from "vitest";
import { loadTarget } from "#runtime/targets.js";
import { loadTemplates } from "#runtime/templates.js";
import { representatives } from "#runtime/verify/testing/representatives.js";
import { provenance } from "../cases/emit/perceptron.js";
import { emit, functionNames } from "./emit.js";
import { portable } from "./portable.js";

test("C without assembly keeps the other branch, and conditions of its own", () => {
  const text = `/* f: adds. */
#if defined(__OPTIMIZE__)
__attribute__((noinline))
#endif
int f(void)
{
#ifdef ASSEMBLY
#ifdef __ILP32__
    a();
#else
    b();
#endif
#else
#if X
    c();
#endif
#endif
    return 0;
}
`;
  expect(portable(text)).toBe(`/* f: adds. */
#if defined(__OPTIMIZE__)
__attribute__((noinline))
#endif
int f(void)
{
#if X
    c();
#endif
    return 0;
}
`);
});

test("a function that is nothing but assembly is left out", () => {
  expect(portable("/* f: the loop of g. */\n#ifdef ASSEMBLY\nint f(void);\n#endif\n")).toBe("");
  expect(portable("#ifdef ASSEMBLY\nint f(void);\n#endif\nint g;\n")).toBe("int g;\n");
});

test.each(["host", "cortex_m0"])("C for %s has no assembly of RISC-V, whatever kernels run there", (name) => {
  for (const { plan, weights } of representatives(loadTarget(name))) {
    expect([...emit(plan, weights, loadTemplates(), provenance).values()].join("")).not.toMatch(/\bASSEMBLY\b|\blui\b/);
  }
});

test("routines that run from RAM lie there as C, too", () => {
  for (const { plan, weights } of representatives(loadTarget("cortex_m0"))) {
    const text = [...emit(plan, weights, loadTemplates(), provenance).values()].join("");
    const placed = functionNames(plan).routines;
    for (const { key } of plan.routines.filter(({ placement }) => placement === "ram")) {
      const [before, after] = text.split(new RegExp(`^FUNCTION [^;{]*\\b${placed.get(key)!}\\(`, "m"));
      // Loops that are nothing but assembly are not there.
      if (after !== undefined) expect(before!.split("\n").slice(-4).join("\n"), placed.get(key)!).toContain(".srodata.ramcode");
    }
  }
});

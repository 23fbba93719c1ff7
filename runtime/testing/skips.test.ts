import { expect, test } from "vitest";
import { judgeSkips, type Skip, verdictText } from "./skips.js";

const published: Skip = { file: "runtime/verify/vectors.test.ts", name: "cnn-16 gives exactly the published logits" };
const compiled: Skip = { file: "runtime/verify/agreement.test.ts", name: "every kernel agrees with the reference under the sanitizers" };

test("what has a reason is counted by it", () => {
  const verdict = judgeSkips([published, published, compiled], {});
  expect(verdict.unexplained).toEqual([]);
  expect(verdictText(verdict)).toBe(
    "2 skipped: BNMC_VECTORS is not set\n1 skipped: a compiler or an emulator is missing (.ci/setup installs them)",
  );
});

test("a reason that does not hold is none", () => {
  expect(judgeSkips([published], { BNMC_VECTORS: "vectors", CI: "1" }).unexplained).toEqual([published]);
});

test("on a server nothing may be missing that its setup installs", () => {
  const verdict = judgeSkips([published, { ...compiled, note: "no cc" }], { CI: "1" });
  expect(verdict.unexplained).toEqual([{ ...compiled, note: "no cc" }]);
  expect(verdictText(verdict)).toBe(
    "1 skipped: BNMC_VECTORS is not set\n1 skipped for no reason that runtime/testing/skips.ts knows:\n" +
      "  runtime/verify/agreement.test.ts > every kernel agrees with the reference under the sanitizers: no cc",
  );
});

test("nothing is said where every test ran", () => {
  expect(verdictText(judgeSkips([], {}))).toBe("");
});

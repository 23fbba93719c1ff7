import { expect, test } from "vitest";
import { Failure } from "./failure.js";
import { allTargets, loadTarget, targetNames } from "./targets.js";

test("every folder of mcu/ is a target", () => {
  expect(targetNames()).toEqual(expect.arrayContaining(["ch32v003", "host"]));
  expect(allTargets().map(({ name }) => name)).toEqual(targetNames());
});

test("the ten-cent chip", () => {
  expect(loadTarget("ch32v003")).toMatchObject({ core: "rv32ec", multiplies: false, memory: { flash: 16384, ram: 2048 }, clockHz: 48e6 });
});

test("a misspelt target", () => {
  expect(() => loadTarget("ch32v03")).toThrow(Failure);
  expect(() => loadTarget("ch32v03")).toThrow(
    expect.objectContaining({ remedy: expect.stringMatching(/^did you mean ch32v003\? known targets: /) }),
  );
  expect(() => loadTarget("../x")).toThrow("there is no target ../x");
});

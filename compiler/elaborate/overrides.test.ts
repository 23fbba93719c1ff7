import { describe, expect, it } from "vitest";
import { trainParameters } from "../catalog/statements/train.js";
import { printSettings } from "../ir/print.js";
import { load } from "./load.js";
import { elaborate } from "./elaborate.js";
import { inheritedNames } from "./scope.js";

const file = (head = "", body = ""): string => `${head}
dataset drawn { samples: digits -> resize(8, 8) }
model net {
  weights: 4bitsym
  ${body}
  input i8[8, 8]
  -> flatten
  -> dense(16, weights: 8bit) -> relu
  -> repeat 1 { norm: lin dense(16) -> relu }
  -> dense(10)
}
train net on drawn { epochs: 3 rate: cosine(from: 0.001, to: 0) }`;

const elaborated = (text: string, overrides: Readonly<Record<string, string>>) =>
  elaborate(load("net.bnm", text, () => undefined).value, { overrides, targets: [] });

function settingsOf(text: string, overrides: Readonly<Record<string, string>>, setting: string): readonly string[] {
  const { value, diagnostics } = elaborated(text, overrides);
  expect(diagnostics).toEqual([]);
  return printSettings(value)
    .split("\n")
    .filter((line) => line.includes(` ${setting} `))
    .map((line) => line.trim().replaceAll(/ +/g, " "));
}

describe("what is set from outside", () => {
  it("stands in the place of the model's own setting: what is nearer to a layer wins", () => {
    expect(settingsOf(file(), { weights: "2bitsym" }, "weights")).toEqual([
      "net.dense1 weights 8bit from argument",
      "net.dense2 weights 2bitsym from --set",
      "net.dense3 weights 2bitsym from --set",
    ]);
    expect(settingsOf(file(), { norm: "none" }, "norm")).toEqual([
      "net.dense1 norm none from --set",
      "net.dense2 norm lin from repeat",
      "net.dense3 norm none from --set",
    ]);
  });

  it("replaces the settings of training, those written and those left out", () => {
    const { value } = elaborated(file(), { epochs: "7", seed: "5", rate: "halve(from: 0.01, at: 2)" });
    expect(value.trainings[0]!.settings).toMatchObject({
      epochs: 7,
      seed: 5,
      batch: 64,
      rate: { name: "halve", arguments: { from: 0.01, at: 2 } },
    });
  });

  it("is a param where there is one of the name", () => {
    const { value } = elaborated(file("param seed = 2"), { seed: "9" });
    expect(value.trainings[0]!.settings["seed"]).toBe(1);
  });

  it("may be computed from params", () => {
    const { value } = elaborated(file("param format = binary"), { weights: "format", format: "ternary" });
    expect(value.networks[0]!.layers.flatMap(({ weights }) => weights?.quantizer ?? [])).toEqual(["8bit", "ternary", "ternary"]);
  });
});

it("a name is a setting of training or of layers, never both: what `--set` means is clear", () => {
  expect(inheritedNames().filter((name) => name in trainParameters)).toEqual([]);
});

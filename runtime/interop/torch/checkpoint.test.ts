import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DataError } from "#compiler/catalog/data-error.js";
import { random } from "#compiler/random.js";
import { Failure } from "../../failure.js";
import { packageRoot } from "../../host.js";
import { readCheckpoint } from "./checkpoint.js";

const cases = join(packageRoot, "runtime/interop/torch/cases");
const checkpoint = (name: string) => readCheckpoint(join(cases, `${name}.pth`));
const folder = mkdtempSync(join(tmpdir(), "bnmc-torch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a state_dict is read in its order", () => {
  expect(checkpoint("perceptron").map(({ name, shape }) => [name, shape])).toEqual([
    ["model.1.weight", [3, 4]],
    ["model.1.s", []],
    ["classifier.weight", [2, 3]],
    ["classifier.s", [2, 1]],
  ]);
  expect(checkpoint("perceptron")[0]!.values).toEqual(Float32Array.of(0.9, -0.4, 0.1, 0.55, -1.2, 0.2, 0.3, -0.05, 0.6, 0.7, -0.8, 0.01));
});

test("views and all kinds of numbers are read as torch means them", () => {
  const tensors = new Map(checkpoint("views").map(({ name, ...tensor }) => [name, tensor]));
  expect(tensors.get("whole")).toEqual({ shape: [2, 3, 4], values: Float32Array.from({ length: 24 }, (_, i) => i) });
  expect(tensors.get("transposed")).toEqual({ shape: [4, 3], values: Float32Array.of(12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23) });
  expect(tensors.get("column")).toEqual({ shape: [3], values: Float32Array.of(1, 5, 9) });
  expect(tensors.get("empty")).toEqual({ shape: [0, 2], values: new Float32Array(0) });
  expect(tensors.get("half")!.values).toEqual(Float32Array.of(1.5, -2, 2 ** -14, 2 ** -24));
  expect(tensors.get("brain")!.values).toEqual(Float32Array.of(1.5, -3));
  expect(tensors.get("double")!.values).toEqual(Float32Array.of(0.1));
  expect(tensors.get("long")!.values).toEqual(Float32Array.of(-7, 2 ** 40));
  expect([...tensors.get("bytes")!.values, ...tensors.get("chars")!.values]).toEqual([255, -1]);
});

test.each([
  ["hostile", /names "(posix|nt)\.system", which no state_dict of tensors needs; nothing of it was run/],
  ["module", /names "(copyreg|copy_reg|models)\.[\w]+", which no state_dict/],
  ["nested", /its entry "epoch" is no tensor/],
  ["expanded", /a tensor \[1048576, 1048576\] reaches beyond the 1 values/],
  ["beyond", /a tensor \[2\] reaches beyond the 2 values/],
])("%s is refused", (name, message) => {
  expect(() => checkpoint(name)).toThrow(message);
  expect(() => checkpoint(name)).toThrow(Failure);
  expect(existsSync("hacked")).toBe(false);
});

const isPython = ((): boolean => {
  try {
    return execFileSync("python3", ["--version"], { encoding: "utf8" }).startsWith("Python 3");
  } catch {
    return false;
  }
})();

test.runIf(isPython)("the checkpoints are what the script beside them writes", () => {
  copyFileSync(join(cases, "make.py"), join(folder, "make.py"));
  execFileSync("python3", [join(folder, "make.py")]);
  const files = readdirSync(cases).filter((file) => file.endsWith(".pth"));
  expect(
    readdirSync(folder)
      .filter((file) => file.endsWith(".pth"))
      .sort(),
  ).toEqual(files.sort());
  for (const file of files) expect(readFileSync(join(folder, file)).equals(readFileSync(join(cases, file))), file).toBe(true);
});

test("a damaged checkpoint gives a message or values, never a crash", () => {
  const whole = readFileSync(join(cases, "perceptron.pth"));
  const draw = random("damaged checkpoints");
  const path = join(folder, "damaged.pth");
  let refused = 0;
  for (let i = 0; i < 600; i++) {
    const bytes = Buffer.from(whole);
    for (let change = draw.below(4); change >= 0; change--) bytes[draw.below(bytes.length)] = draw.below(256);
    writeFileSync(path, draw.below(8) === 0 ? bytes.subarray(0, draw.below(bytes.length)) : bytes);
    try {
      readCheckpoint(path);
    } catch (error) {
      expect(error instanceof Failure || error instanceof DataError, String((error as Error).stack)).toBe(true);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});

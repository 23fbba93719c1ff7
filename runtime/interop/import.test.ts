import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { perceptron } from "#compiler/cases/emit/perceptron.js";
import { DataError } from "#compiler/catalog/data-error.js";
import { catalog } from "#compiler/catalog/index.js";
import { type Network, weightedLayers } from "#compiler/ir/network.js";
import { random } from "#compiler/random.js";
import { quantizeWeights } from "#compiler/catalog/integers.js";
import { interpreter } from "#compiler/reference/run.js";
import { Failure } from "../failure.js";
import { packageRoot } from "../host.js";
import { writeSafetensors } from "../weights/safetensors.js";
import { saveWeights } from "../weights/weights.js";
import { importWeights } from "./import.js";
import { inputsOf, networkOf, readVectors, type VectorLayer, vectorFolder, vectorNames } from "../verify/testing/vectors.js";
import { type HeaderConvolution, type HeaderLayer, olderHeader, packedHeader } from "./testing/packed-header.js";

const folder = mkdtempSync(join(tmpdir(), "bnmc-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the other engine calls our formats. */
const formats = { binary: 1, "2bitsym": 2, "4bitsym": 4, "4bit": 12, "8bit": 16, fp130: 20, nf4: 36, ternary: 64 } as const;

/** `count` weights among the levels of a format, all of them in use. */
function weightsOf(format: keyof typeof formats, count: number, seed: string): readonly number[] {
  const { levels } = catalog.quantizers[format]!;
  const draw = random("import", format, seed);
  return Array.from({ length: count }, (_, i) => levels[i < levels.length ? i : draw.below(levels.length)]!);
}

const file = (content: string | Uint8Array): string => {
  const path = join(folder, "model.h");
  writeFileSync(path, content);
  return path;
};

const checkpoint = (name: string): string => join(packageRoot, "runtime/interop/torch/cases", `${name}.pth`);
const small = (...layers: readonly (readonly [number, string])[]): Network => perceptron({ name: "small", input: [4], layers });
const octav = { name: "octav", arguments: { per: "tensor" } };

describe("a header of packed integers", () => {
  test.each(Object.entries(formats) as [keyof typeof formats, number][])("of %s weights gives exactly these levels", (format, id) => {
    const network = perceptron({
      name: "net",
      input: [32],
      layers: [
        [6, format],
        [5, format],
      ],
    });
    const layers = [
      { format: id, inputs: 32, units: 6, weights: weightsOf(format, 192, "first") },
      { format: id, inputs: 6, units: 5, weights: weightsOf(format, 30, "second") },
    ];
    // The second layer would not fill whole words in other formats than ternary.
    const given = format === "ternary" ? layers : layers.slice(0, 1);
    const target = format === "ternary" ? network : perceptron({ name: "net", input: [32], layers: [[6, format]] });
    const written = [packedHeader(given), ...(format === "ternary" ? [] : [olderHeader(given)])];
    for (const text of written) {
      const { weights, remarks } = importWeights(target, file(text));
      expect(remarks[0]).toMatch(`dense1: L`);
      const levels = quantizeWeights(target, weights);
      weightedLayers(target).forEach(({ id: layer }, i) => expect([...levels.get(layer)!]).toEqual(given[i]!.weights));
    }
  });

  test("of convolutions keeps bytes and shapes", () => {
    const text = `#define L2_type BitConv2d\n#define L2_in_channels 2\n#define L2_out_channels 2\n#define L2_kernel_size 1\n#define L2_groups 2\n#define L2_bitperweight 8\nconst int8_t L2_weights[] = {\n\t-128,127,\n};\n`;
    const network = small([2, "8bit"]);
    expect(() => importWeights(network, file(text))).toThrow(/L2 is \[2, 1, 1, 1\], but dense1 needs \[2, 4\]/);
  });

  const two = (format: number, inputs = 16, units = 2): string =>
    packedHeader([{ format, inputs, units, weights: Array<number>(inputs * units).fill(1) }]);
  const wide = perceptron({ name: "wide", input: [16], layers: [[2, "4bitsym"]] });

  test.each([
    ["another format", two(2), /L2 is 2bitsym, but dense1 is 4bitsym/],
    ["another shape", two(4, 8), /L2 is \[2, 8\], but dense1 needs \[2, 16\]/],
    ["a layer too many", `${two(4)}${two(4).replaceAll("L2_", "L3_")}`, /weights for 2 layers, but wide has 1/],
    ["no arrays", "#define L2_bitperweight 4\n", /it has no array/],
    [
      "an unknown format",
      two(4).replace("L2_bitperweight 4", "L2_bitperweight 99"),
      /L2_bitperweight is 99, a format that bnmc does not know/,
    ],
    ["a missing size", two(4).replace("L2_incoming_weights", "L2_incoming"), /L2_incoming_weights is missing/],
    ["a word too few", two(4).replace("0x00000000,", ""), /L2_weights has 3 words, but 2 rows of 16 weights are 4/],
    ["a word that is none", two(4).replace("0x00000000,", "0x100000000,"), /L2_weights holds "0x100000000", which is no uint32_t/],
    ["an array twice", `${two(4)}${two(4)}`, /L2_weights is defined twice/],
    ["floats", two(4).replace("uint32_t", "uint64_t"), /an array of uint64_t/],
  ])("with %s is refused", (_, text, message) => {
    expect(() => importWeights(wide, file(text))).toThrow(message);
  });

  test("that no weights can make is refused: all of a centred layer on one side", () => {
    const layer = { format: 1, inputs: 32, units: 1, weights: Array<number>(32).fill(-1) };
    expect(() => importWeights(perceptron({ name: "one", input: [32], layers: [[1, "binary"]] }), file(packedHeader([layer])))).toThrow(
      /cannot be had as binary/,
    );
  });

  test("when damaged gives a message or weights, never a crash", () => {
    const text = two(4);
    const draw = random("damaged headers");
    let refused = 0;
    for (let i = 0; i < 1000; i++) {
      const bytes = Buffer.from(text);
      for (let change = draw.below(6); change >= 0; change--) bytes[draw.below(bytes.length)] = draw.below(128);
      try {
        importWeights(wide, file(bytes));
      } catch (error) {
        expect(error instanceof Failure || error instanceof DataError, String((error as Error).stack)).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe("a checkpoint", () => {
  const network = small([3, "4bitsym"], [2, "8bit"]);

  test("is quantized with its own clipping scalars", () => {
    const { weights, remarks } = importWeights(network, checkpoint("perceptron"));
    expect(remarks).toEqual([
      "dense1: model.1.weight, 4bitsym [3, 4], clipped as it was trained",
      "dense2: classifier.weight, 8bit [2, 3], clipped as it was trained",
    ]);
    const levels = quantizeWeights(network, weights);
    // Half steps of 1/8: 0.9 is 7.2 of them, which is nearest to 7.5.
    expect([...levels.get("dense1")!]).toEqual([15, -7, 1, 9, -15, 3, 5, -1, 9, 11, -13, 1]);
    // One scalar for each output: 128ths of 1 and of 2.
    expect([...levels.get("dense2")!]).toEqual([64, -32, 127, -48, 8, 127]);
  });

  test("without them is clipped as early checkpoints were trained", () => {
    const { weights, remarks } = importWeights(network, checkpoint("no-scalars"), octav);
    expect(remarks[0]).toBe(
      "dense1: fc1.weight, 4bitsym [3, 4], no clipping scalar: clipped at the mean magnitude / 0.25, as checkpoints without scalars were trained",
    );
    const { values, clip } = weights.get("dense1")!;
    expect(clip[0]).toBeCloseTo((4 * values.reduce((sum, value) => sum + Math.abs(value), 0)) / values.length, 5);
    expect(importWeights(small([3, "ternary"], [2, "ternary"]), checkpoint("no-scalars")).remarks[0]).toMatch(/as it was trained/);
  });

  test("without them, in a format that those did not have, is clipped by the rule that is given", () => {
    const other = small([3, "5bitsym"], [2, "5bitsym"]);
    const { weights, remarks } = importWeights(other, checkpoint("no-scalars"), octav);
    expect(remarks[0]).toBe("dense1: fc1.weight, 5bitsym [3, 4], no clipping scalar: clipped by octav");
    const latent = weights.get("dense1")!;
    expect(latent.clip).toEqual(catalog.clips["octav"]!.clipOf(octav.arguments, latent.values, 3, catalog.quantizers["5bitsym"]!));
    expect(() => importWeights(other, checkpoint("no-scalars"))).toThrow(/no clipping scalar fc1\.s/);
  });

  test("of pickle protocol 4 is read like one of protocol 2", () => {
    expect(importWeights(network, checkpoint("protocol-4"), octav)).toEqual(importWeights(network, checkpoint("perceptron"), octav));
  });

  test("as safetensors is read in the order of the layers' names, with or without scalars, ours or another program's", () => {
    const { weights } = importWeights(network, checkpoint("perceptron"));
    const path = join(folder, "own.safetensors");
    saveWeights(network, { weights, provenance: {} }, path);
    expect(importWeights(network, path).weights).toEqual(weights);
    const [hidden, output] = [...weights.values()].map(({ shape, values }) => ({ shape, values }));
    writeFileSync(
      path,
      writeSafetensors({
        tensors: new Map([
          ["fc10.weight", output!],
          ["fc2.weight", hidden!],
        ]),
        metadata: {},
      }),
    );
    expect(importWeights(network, path, octav).remarks.map((remark) => remark.slice(0, 24))).toEqual([
      "dense1: fc2.weight, 4bit",
      "dense2: fc10.weight, 8bi",
    ]);
  });

  test.each([
    ["bias", network, /has fc1\.bias \[3\], but dense1 has no bias/],
    ["perceptron", small([3, "4bitsym"]), /weights for 2 layers, but small has 1/],
    ["perceptron", small([4, "4bitsym"], [2, "8bit"]), /model\.1\.weight is \[3, 4\], but dense1 needs \[4, 4\]/],
  ])("%s that does not fit is refused", (name, model, message) => {
    expect(() => importWeights(model, checkpoint(name))).toThrow(message);
  });

  test("that is not there is a message", () => {
    expect(() => importWeights(network, join(folder, "none.pth"))).toThrow(/cannot read/);
  });
});

test.skipIf(vectorFolder === undefined).each(vectorNames)(
  "%s of another project, written as a header and imported, gives exactly the published logits",
  (name) => {
    const vectors = readVectors(name);
    const network = networkOf(vectors);
    const { weights } = importWeights(network, file(packedHeader(vectors.layers.flatMap(headerLayer))));
    const infer = interpreter(network, quantizeWeights(network, weights));
    expect(inputsOf(vectors).map((input) => [...infer(input)])).toEqual(vectors.logits);
  },
);

function headerLayer({
  op,
  quantizer,
  kernel,
  inputs,
  units,
  in_channels,
  out_channels,
  weights,
}: VectorLayer): readonly (HeaderLayer | HeaderConvolution)[] {
  if (weights === undefined) return [];
  if (kernel === undefined) return [{ format: formats[quantizer as keyof typeof formats], inputs: inputs!, units: units!, weights }];
  return [{ kernel, inputs: in_channels!, outputs: out_channels!, groups: op === "dwconv" ? in_channels! : 1, weights }];
}

describe("a file that holds no weights that are read is told by its first bytes", () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  test.each([
    ["legacy.pth", Uint8Array.of(0x80, 2, 0x8a, 10), /is a checkpoint as torch before 1\.6 saved it/],
    ["pointer.pth", text("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), /is a pointer of Git LFS/],
    ["model.h5", Uint8Array.from([0x89, ...text("HDF\r\n\u001a\n")]), /is an HDF5 file of Keras/],
    ["model.tflite", Uint8Array.from([28, 0, 0, 0, ...text("TFL3")]), /is a TensorFlow Lite model/],
    ["model.onnx", Uint8Array.from([8, 9, 0x12, 4, ...text("bnmc")]), /is an ONNX model/],
    ["model.pth.gz", Uint8Array.of(0x1f, 0x8b, 8, 0), /is a gzip file/],
    ["page.pth", text("<!DOCTYPE html><html>Not found</html>"), /is a page of HTML/],
    ["nothing.pth", new Uint8Array(0), /is empty/],
    ["noise.pth", Uint8Array.of(3, 0, 7, 1, 200, 0, 0, 0, 5), /is of a kind that bnmc does not know/],
    ["notes.h", text("// nothing\n"), /cannot be read as exported weights/],
  ])("%s", (name, bytes, message) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    expect(() => importWeights(small([3, "4bitsym"]), path, octav)).toThrow(message);
  });
});

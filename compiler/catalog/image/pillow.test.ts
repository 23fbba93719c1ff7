import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { affineMatrix, rotationMatrix } from "./affine.js";
import { deformer } from "./elastic.js";
import { resizer } from "./resample.js";
import { warp, type Matrix } from "./warp.js";

// What Pillow made of synthetic images: see cases/pillow/make.py.
interface Image {
  readonly height: number;
  readonly width: number;
  readonly bytes: string;
}

interface Case {
  readonly image: string;
  readonly result: string;
}

interface Golden {
  readonly pillow: string;
  readonly images: Readonly<Record<string, Image>>;
  readonly resize: readonly (Case & { readonly height: number; readonly width: number })[];
  readonly rotate: readonly (Case & { readonly degrees: number })[];
  readonly affine: readonly (Case & Parameters<typeof affineMatrix>[2])[];
  readonly elastic: readonly (Case & { readonly alpha: number; readonly sigma: number; readonly noise: string })[];
}

const golden = JSON.parse(readFileSync(new URL("../../cases/pillow/golden.json", import.meta.url), "utf8")) as Golden;

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

const titled = <T extends Case>(cases: readonly T[]): readonly (readonly [string, T])[] =>
  cases.map((each) => [JSON.stringify(each, (key, value: unknown) => (key === "result" || key === "noise" ? undefined : value)), each]);

function warped({ image, result }: Case, matrix: (height: number, width: number) => Matrix): void {
  const { height, width, bytes: given } = golden.images[image]!;
  const moved = new Uint8Array(height * width);
  warp(bytes(given), moved, height, width, matrix(height, width));
  expect(moved).toEqual(bytes(result));
}

describe(`as Pillow ${golden.pillow}, bit for bit`, () => {
  it.each(titled(golden.resize))("resize %s", (_, { image, height, width, result }) => {
    const from = golden.images[image]!;
    const black = new Uint8Array(from.height * from.width);
    const resized = new Uint8Array(3 * height * width);
    resizer([from.height, from.width], [height, width])(Uint8Array.of(...bytes(from.bytes), ...black, ...bytes(from.bytes)), resized);
    expect(resized).toEqual(Uint8Array.of(...bytes(result), ...new Uint8Array(height * width), ...bytes(result)));
  });

  it.each(titled(golden.rotate))("rotate %s", (_, each) => warped(each, (height, width) => rotationMatrix(height, width, each.degrees)));

  it.each(titled(golden.affine))("affine %s", (_, each) => warped(each, (height, width) => affineMatrix(height, width, each)));
});

describe("as torchvision's ElasticTransform", () => {
  it.each(titled(golden.elastic))("elastic %s", (_, { image, alpha, sigma, noise, result }) => {
    const { height, width, bytes: given } = golden.images[image]!;
    const draws = Float64Array.from(bytes(noise), (byte) => byte / 128 - 1);
    const deformed = new Uint8Array(height * width);
    deformer(height, width, { alpha, sigma })(bytes(given), deformed, draws.slice(0, height * width), draws.slice(height * width));
    expect(deformed).toEqual(bytes(result));
  });
});

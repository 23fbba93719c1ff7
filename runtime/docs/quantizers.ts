import { catalog } from "#compiler/catalog/index.js";
import { codesPerWord, packedBytes } from "#compiler/catalog/codebook/packing.js";
import type { Packing, Quantizer } from "#compiler/catalog/codebook/quantizer.js";
import { showBytes } from "#compiler/ir/show.js";
import { code, heading, link, page, paragraph, table } from "../markdown.js";

/** The page of the weight formats; everything on it follows from the codebooks. */
export const quantizersPage = (): string =>
  page(
    heading(1, "Weight formats"),
    paragraph(
      "A format is its codebook: the integer level of each code. There is no zero point, and one scale for all weights of a layer. In training (fake quantization) a weight becomes the level that " +
        "`(weight - center) / clip * full scale` falls to; that integer is what ships. The *clip* is the layer's clipping scalar, " +
        `found by a ${link("clip rule", "training.md#clips")} or from the weights themselves. Which kernel runs a format is on the page of ${link("kernels", "kernels.md")}.`,
    ),
    table(["Format", "Bits", "Levels", "Zero", `${example.rows}x${example.columns} weights`, "Summary"], all().map(overview)),
    paragraph("![Where the levels of each format lie](codebooks.svg)"),
    ...all().map(section),
  );

const all = (): readonly Quantizer[] => Object.values(catalog.quantizers);

/** The layer whose size the overview gives: the first of models/fc_mnist.bnm. */
const example = { rows: 64, columns: 256 };

const overview = (quantizer: Quantizer): readonly string[] => {
  const { name, summary, levels, packing } = quantizer;
  const bytes = showBytes(packedBytes(packing, example.rows, example.columns));
  return [link(code(name), `#${name}`), bitsOf(packing), String(levels.length), levels.includes(0) ? "yes" : "no", bytes, summary];
};

function section(quantizer: Quantizer): string {
  const { name, summary, levels, fullScale, boundary, center, scale, packing } = quantizer;
  return page(
    heading(2, code(name)),
    paragraph(summary),
    table(
      ["Property", "Value"],
      [
        ["Levels by code", code(showLevels(levels))],
        ["Full scale", `${fullScale}: the level of a weight as large as the clip`],
        ["Between two levels", boundary === "midpoint" ? "to the nearer" : "to the smaller magnitude"],
        ["Center", center === "none" ? "none" : "the mean of the layer is taken from every weight first"],
        ["Clip", scale === "clip" ? "by the training's clip rule" : "the mean magnitude of the weights"],
        ["Packing", describePacking(packing)],
      ],
    ),
  );
}

const bitsOf = (packing: Packing): string => String(packing.word / codesPerWord(packing)).slice(0, 4);

/** All levels, or when there are many, the first and the last of each half. */
function showLevels(levels: readonly number[]): string {
  if (levels.length <= 32) return levels.join(" ");
  const half = levels.length / 2;
  const part = (from: number): string => `${levels[from]} ${levels[from + 1]} … ${levels[from + half - 1]}`;
  return `${part(0)} ${part(half)}`;
}

function describePacking(packing: Packing): string {
  const perWord = codesPerWord(packing);
  if (packing.kind === "bits") {
    const unused = packing.word - perWord * packing.width;
    return `${perWord} codes of ${packing.width} bits in a ${packing.word}-bit word, the first in the low bits${unused === 0 ? "" : `; ${unused} bits unused`}; rows start at a word`;
  }
  return `${perWord} base-${packing.base} digits in a ${packing.word}-bit word, read as a fraction of 2^${packing.word}; rows start at a word`;
}

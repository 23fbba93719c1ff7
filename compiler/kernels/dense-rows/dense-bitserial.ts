import { type AffineShape, affineShape } from "../../catalog/codebook/shape.js";
import { timesConstant } from "../c-expression.js";
import { denseCost, denseRows, levelRange, packedRows, sumsFit } from "./dense-rows.js";
import { defineKernel } from "../contract.js";

/** One conditional addition: the input, doubled once more than for the term before, counts when the bit is set. */
interface Term {
  readonly mask?: string;
  readonly operator: "+=" | "-=";
}

export default defineKernel({
  name: "dense-bitserial",
  template: "dense-rows/dense-bitserial",
  summary:
    "Bit-serial: shifts and adds, bit by bit of the weight; for codes whose bits each add a power of two, with or without a sign bit.",
  serves: ["dense"],
  bid: (job, target) => {
    const { quantizer } = job.weights[0]!;
    const shape = affineShape(quantizer.levels);
    const terms = shape && termsOf(shape);
    if (shape === undefined || terms === undefined || !sumsFit(job, levelRange(quantizer))) return [];
    const rows = denseRows(job);
    const counted = shape.sign === undefined && shape.base !== 0;
    const signed = shape.sign !== undefined;
    return [
      {
        cost: denseCost(target, job, {
          code: 90 + 11 * terms.length + (signed ? 8 : 0) + (counted ? 28 : 0),
          perWeight: 14 + 6 * terms.length,
        }),
        context: {
          ...rows,
          layout: layoutOf(shape),
          constant: terms.length === 1 && !signed,
          sign: signed ? `${1 << shape.sign}u` : "",
          terms: terms.map((term, i) => ({ ...term, mask: term.mask ?? "", doubled: i > 0 })),
          shift: quantizer.packing.kind === "bits" ? quantizer.packing.width : 0,
          base: counted ? timesConstant("total", shape.base) : "",
          result: timesConstant("sum", unitOf(shape)),
        },
      },
    ];
  },
  tables: (weights) => [packedRows(weights)],
});

/** What one counted input is worth: the weight of the first term. */
function unitOf({ base, gains, sign }: AffineShape): number {
  const smallest = Math.min(...gains.map(({ gain }) => Math.abs(gain)));
  return sign !== undefined && base !== 0 ? base : smallest;
}

/** The terms in doubling order, or undefined when their weights are not 1, 2, 4 … units. */
function termsOf(shape: AffineShape): readonly Term[] | undefined {
  const { base, gains, sign } = shape;
  const addends = [
    ...(sign !== undefined && base !== 0 ? [{ weight: base, term: { operator: "+=" } as Term }] : []),
    ...gains.map(({ bit, gain }) => ({
      weight: Math.abs(gain),
      term: { mask: `${1 << bit}u`, operator: gain < 0 ? "-=" : "+=" } as Term,
    })),
  ].sort((a, b) => a.weight - b.weight);
  const unit = unitOf(shape);
  return unit > 0 && addends.every(({ weight }, i) => weight === unit * 2 ** i) ? addends.map(({ term }) => term) : undefined;
}

/** `1 + 2*b0 + 4*b1 + 8*b2, negative when b3 is set`. */
function layoutOf({ base, gains, sign }: AffineShape): string {
  const parts = gains.map(({ bit, gain }) => ({
    text: Math.abs(gain) === 1 ? `b${bit}` : `${Math.abs(gain)}*b${bit}`,
    negative: gain < 0,
  }));
  const all = base === 0 ? parts : [{ text: String(Math.abs(base)), negative: base < 0 }, ...parts];
  const sum = all
    .map(({ text, negative }, i) => (i === 0 ? `${negative ? "-" : ""}${text}` : `${negative ? " - " : " + "}${text}`))
    .join("");
  return sign === undefined ? sum : `${sum}, negative when b${sign} is set`;
}

import { signedDigits } from "../catalog/codebook/signed-digits.js";

/** Pieces of C arithmetic without multiplications, on unsigned numbers: they wrap and have no undefined behaviour. */

/** `factor` times an int32_t variable, as int32_t. */
export function timesConstant(variable: string, factor: number): string {
  if (factor === 1) return variable;
  if (factor === -1) return `-${variable}`;
  return `(int32_t)(${timesUnsigned(`(uint32_t)${variable}`, factor)})`;
}

/**
 * `factor` times a uint32_t expression, which binds tighter than a shift, as uint32_t: shifts, additions and subtractions. `HIDDEN`
 * is a macro of the emitted file.
 */
export function timesUnsigned(expression: string, factor: number): string {
  const digits = signedDigits(factor);
  const ordered = [...digits.filter(({ negative }) => !negative), ...digits.filter(({ negative }) => negative)];
  const texts = ordered.map(({ negative, shift }, i) => {
    const shifted =
      shift === 0 ? expression : digits.length === 1 && !negative ? `${expression} << ${shift}` : `(${expression} << ${shift})`;
    if (i === 0) return negative ? `0u - ${shifted}` : shifted;
    return `${negative ? " - " : " + "}HIDDEN${shift === 0 ? `(${shifted})` : shifted}`;
  });
  return texts.length === 0 ? "0u" : texts.join("");
}

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

interface SignedDigit {
  readonly shift: number;
  readonly negative: boolean;
}

/** The non-adjacent form: the fewest signed powers of two that sum to `value`. */
export function signedDigits(value: number): readonly SignedDigit[] {
  const digits: SignedDigit[] = [];
  let rest = value;
  for (let shift = 0; rest !== 0; shift++) {
    if (rest % 2 !== 0) {
      const digit = ((rest % 4) + 4) % 4 === 1 ? 1 : -1;
      digits.push({ shift, negative: digit < 0 });
      rest -= digit;
    }
    rest /= 2;
  }
  return digits;
}

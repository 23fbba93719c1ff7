/** Pieces of C arithmetic without multiplications. All are free of undefined behaviour: they wrap as unsigned numbers. */

/** `factor` times an int32_t variable by shifts, additions and subtractions. */
export function timesConstant(variable: string, factor: number): string {
  const terms = signedDigits(factor);
  if (terms.length === 0) return "0";
  if (terms.length === 1 && terms[0]!.shift === 0) return terms[0]!.negative ? `-${variable}` : variable;
  const positiveFirst = [...terms.filter(({ negative }) => !negative), ...terms.filter(({ negative }) => negative)];
  const text = positiveFirst.map(({ negative, shift }, i) => {
    const shifted = shift === 0 ? `(uint32_t)${variable}` : `((uint32_t)${variable} << ${shift})`;
    if (i === 0) return negative ? `0u - ${shifted}` : shifted;
    return `${negative ? " - " : " + "}${shifted}`;
  });
  return `(int32_t)(${text.join("")})`;
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

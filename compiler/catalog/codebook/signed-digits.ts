/** A signed power of two. */
export interface SignedDigit {
  readonly shift: number;
  readonly negative: boolean;
}

/** Canonical signed digits, the non-adjacent form: the fewest signed powers of two that sum to `value`, the lowest first. */
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

/** The nearest integer; of two that are equally near the even one (IEEE 754 roundTiesToEven). */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

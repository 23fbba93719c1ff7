/** Float32 numbers in the order in which they come: more than a JavaScript array holds. */
export interface Readings {
  readonly push: (value: number) => void;
  readonly at: (index: number) => number;
  /** All values, without a copy. */
  readonly taken: () => Float32Array;
}

/** An empty list, whose room is doubled when it is full. */
export function noReadings(): Readings {
  let values = new Float32Array(1 << 12);
  let length = 0;
  const push = (value: number): void => {
    if (length === values.length) {
      const larger = new Float32Array(2 * length);
      larger.set(values);
      values = larger;
    }
    values[length++] = value;
  };
  return { push, at: (index) => values[index]!, taken: () => values.subarray(0, length) };
}

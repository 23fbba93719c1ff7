/** A Float32Array that grows, for tables of more numbers than a JavaScript array holds. */
export class Readings {
  #values = new Float32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** All values, without a copy. */
  taken(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}

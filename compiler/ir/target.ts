/** A chip, as its mcu/<name>/target.yaml describes it. */
export interface Target {
  /** The folder's name; the name in `deploy … to` and `--target`. */
  readonly name: string;
  readonly summary: string;
  /** `rv32ec`, `thumb`, or `c99` for any machine with a C compiler. */
  readonly core: string;
  /** Whether the core multiplies integers in hardware. */
  readonly multiplies: boolean;
  /** Absent where memory is not a concern. */
  readonly memory?: { readonly flash: number; readonly ram: number };
  readonly clockHz?: number;
  /** What compiles for it: tried in order. */
  readonly compilers: readonly string[];
  /** The compiler's flags. */
  readonly flags: readonly string[];
  /** How to get a compiler when there is none. */
  readonly install: string;
}

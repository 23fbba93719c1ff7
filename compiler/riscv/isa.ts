/** Which RISC-V a core speaks. */
export interface Isa {
  /** RV32E: only x0 to x15. */
  readonly embedded: boolean;
  readonly compressed: boolean;
  /** Zmmul multiplies; M divides too. */
  readonly multiply: "none" | "Zmmul" | "M";
}

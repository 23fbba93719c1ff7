/** Data that is missing or malformed: a user's mistake or the world's, shown as message and remedy without a stack. */
export class DataError extends Error {
  override readonly name = "DataError";
  /** What to do about it: one or more sentences, one per line. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

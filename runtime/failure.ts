/** What bnmc exits with; the manual lists them. */
export const exitCodes = {
  success: 0,
  /** The model is wrong, its training diverged, an expectation failed, or a verification found a mismatch. */
  rejected: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Something outside is missing or broken: a file, a tool, a dataset, the network. */
  environment: 3,
  /** SIGINT, SIGHUP or SIGTERM, after the work was saved. */
  interrupted: 130,
} as const;

/** Something the user has to know and can act on; the command line shows it without a stack trace. */
export class Failure extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly remedy: string,
    readonly exitCode: number = exitCodes.environment,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** A failure as another thread threw it: on its way it kept what it says, but not its class. */
export function failureFromThread(error: Error): Error {
  const { name, message, remedy, exitCode } = error as Partial<Failure> & Error;
  return name === "Failure" && remedy !== undefined ? new Failure(message, remedy, exitCode) : error;
}

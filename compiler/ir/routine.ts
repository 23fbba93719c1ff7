/** Where code runs: from flash, or from RAM, to which the start-up code copies it. */
export type Placement = "flash" | "ram";

/** A C function that kernels call. It is a value: the same content is the same routine, emitted once and paid for once. */
export interface Routine {
  /** A hash of the content: template, context, placement and callees. */
  readonly key: string;
  /** What its C name begins with; the emitter makes names differ where contents do. */
  readonly label: string;
  /** Its C, as a path below templates/ without `.c.hbs`. */
  readonly template: string;
  /** What its template reads. */
  readonly context: object;
  /** What it calls, by the role that its template knows each by. */
  readonly calls: Calls;
  readonly placement: Placement;
  /** Bytes of its code, at most; in RAM as well where it runs from there. */
  readonly code: number;
  /** What the size of its C was measured as: a key of kernels/c-sizes.ts. */
  readonly measured?: string;
  /** Bytes of stack that its assembly takes, and that of routines it jumps to: compilers see neither. */
  readonly stack?: number;
}

/** Routines by the role in which a template calls them. */
export type Calls = Readonly<Record<string, Routine>>;

/** What calls reach, each once, callees first. */
export function reachedBy(calls: Iterable<Routine>): readonly Routine[] {
  const reached = new Map<string, Routine>();
  const visit = (routine: Routine): void => {
    if (reached.has(routine.key)) return;
    Object.values(routine.calls).forEach(visit);
    reached.set(routine.key, routine);
  };
  for (const routine of calls) visit(routine);
  return [...reached.values()];
}

/** Bytes of RAM that code takes. */
export const ramCodeOf = (routines: readonly Routine[]): number =>
  routines.reduce((sum, { placement, code }) => sum + (placement === "ram" ? code : 0), 0);

import { functionNames } from "#compiler/emit/emit.js";
import { functionOf, type Plan, type Run, type Step } from "#compiler/ir/plan.js";

/** Cycles of one part of an inference. */
export interface StepCycles {
  readonly name: string;
  readonly cycles: number;
}

/** Attributes the cycles of inferences to the steps of a plan. */
export interface StepClock {
  /** A function of the firmware returned after so many cycles, those of the functions that it called included. */
  readonly returned: (name: string, cycles: number) => void;
  /** An inference that took `cycles` ended. */
  readonly finish: (cycles: number) => void;
  /** The mean of all inferences by step; what is in no step counts for the entry function. */
  readonly means: () => readonly StepCycles[];
}

/** Steps that share a function are told apart by the order of the calls. */
export function stepClock(plan: Plan): StepClock {
  const functions = functionNames(plan).steps;
  const order = callOrder(plan.steps).map((run) => ({ name: run.name, routine: functions.get(functionOf(run))! }));
  const routines = new Set(functions.values());
  const totals = new Map<string, number>([...order.map(({ name }) => [name, 0] as const), [plan.entry, 0]]);
  let calls: { readonly routine: string; readonly cycles: number }[] = [];
  let inferences = 0;
  const add = (name: string, cycles: number): void => void totals.set(name, totals.get(name)! + cycles);

  return {
    returned: (name, cycles) => {
      // GCC marks the copies that it makes of functions with a dot.
      const routine = name.split(".")[0]!;
      if (routines.has(routine)) calls.push({ routine, cycles });
    },
    finish: (cycles) => {
      // A function that was inlined is not seen: its cycles are its caller's.
      const seen = order.filter(({ routine }) => calls.some((call) => call.routine === routine));
      calls.forEach((call, i) => add(seen[i]?.routine === call.routine ? seen[i].name : plan.entry, call.cycles));
      add(plan.entry, cycles - calls.reduce((sum, call) => sum + call.cycles, 0));
      calls = [];
      inferences++;
    },
    means: () => [...totals].map(([name, cycles]) => ({ name, cycles: inferences === 0 ? 0 : cycles / inferences })),
  };
}

/** The steps as one inference runs them, loops unrolled. */
export const callOrder = (steps: readonly Step[]): readonly Run[] =>
  steps.flatMap((step) => (step.kind === "run" ? [step] : Array.from({ length: step.count }, () => callOrder(step.body)).flat()));

import { cTypes } from "../kernels/contract.js";
import { type Plan, type Region, type Run, runsOf, unitBytes } from "../ir/plan.js";

/** The arena: a union with one array for each element type in use; logits go there when the caller passes no array. */
export function arenaView(plan: Plan): object {
  const regions = plan.allocations.map(({ region }) => region);
  const used = (["i32", "i16", "u16", "i8", "u4"] as const).filter((element) => regions.some((region) => region.element === element));
  const result = runsOf(plan.steps).at(-1)!.writes;
  return {
    arena: used.map((element) => ({ type: cTypes[element], member: element, count: Math.ceil(plan.arenaBytes / unitBytes[element]) })),
    fallback: inArena(result),
  };
}

/** The regions that a step's function is called with, in the order of its parameters. */
export const placesOf = (run: Run): readonly Region[] => [
  run.unpacked?.region ?? run.reads,
  ...run.extraInputs,
  run.writes,
  ...(run.scratch === undefined ? [] : [run.scratch]),
];

/** `dense1(input, arena.i32);` */
export function callView(run: Run, name: string, places: readonly string[]): string {
  const note = run.shared === undefined ? "" : ` /* ${run.name} */`;
  return `${name}(${[...places, ...run.arguments].join(", ")});${note}`;
}

/** The address of a region, as C. */
export function expressionOf(region: Region): string {
  switch (region.memory) {
    case "input":
      return "input";
    case "logits":
      return "sums";
    case "arena":
      return inArena(region);
  }
}

function inArena({ element, offset }: Region): string {
  const index = offset / unitBytes[element];
  return index === 0 ? `arena.${element}` : `arena.${element} + ${index}`;
}

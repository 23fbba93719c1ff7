import { elementBytes, type Plan, type Region, type Run, runsOf } from "../ir/plan.js";

const types = { i8: "int8_t", i16: "int16_t", i32: "int32_t" } as const;

/** The arena as a union with one array for each element type in use, and where sums go when no logits are wanted. */
export function arenaView(plan: Plan): object {
  const regions = plan.occupants.map(({ region }) => region);
  const used = (["i32", "i16", "i8"] as const).filter((element) => regions.some((region) => region.element === element));
  const result = runsOf(plan.steps).at(-1)!.writes;
  return {
    arena: used.map((element) => ({ type: types[element], member: element, count: Math.ceil(plan.arenaBytes / elementBytes[element]) })),
    fallback: inArena(result),
  };
}

/** `dense1(input, arena.i32);` */
export const callView = (run: Run, name: string): string => {
  const places = [run.reads, run.writes, ...(run.scratch === undefined ? [] : [run.scratch])].map(expressionOf);
  const note = run.routine === run.name ? "" : ` /* ${run.name} */`;
  return `${name}(${[...places, ...run.arguments].join(", ")});${note}`;
};

function expressionOf(region: Region): string {
  switch (region.memory) {
    case "input": return "input";
    case "logits": return "sums";
    case "arena": return inArena(region);
  }
}

function inArena({ element, offset }: Region): string {
  const index = offset / elementBytes[element];
  return index === 0 ? `arena.${element}` : `arena.${element} + ${index}`;
}

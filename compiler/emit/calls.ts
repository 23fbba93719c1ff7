import { cTypes } from "../kernels/contract.js";
import type { EachChannel, Plan, Region, Run, Stride } from "../ir/plan.js";
import type { Routine } from "../ir/routine.js";
import { names } from "./names.js";
import { callView, expressionOf, placesOf } from "./source.js";

/** A C function and its tables. */
export interface EmittedFunction {
  readonly name: string;
  readonly text: string;
  /** The first is what rows are taken from. */
  readonly tables: readonly { readonly name: string; readonly element: string }[];
}

export type FunctionOf = (run: Run) => EmittedFunction;

/** A pointer that advances through a tensor or a table while channels are run. */
interface Pointer extends Stride {
  readonly type: string;
  readonly name: string;
  readonly start: string;
}

/** The statements that run a plan's steps. */
export const callLines = (plan: Plan, functionOf: FunctionOf, routineOf: (routine: Routine) => string): readonly string[] =>
  plan.steps.flatMap((step) =>
    step.kind === "run" ? [...unpackCall(step, routineOf), plainCall(step, functionOf)] : loopLines(plan, step, functionOf),
  );

/** What copies the nibbles of a step that reads bytes. */
function unpackCall({ unpacked, reads, calls }: Run, routineOf: (routine: Routine) => string): readonly string[] {
  if (unpacked === undefined) return [];
  const { region, pixels, channels } = unpacked;
  return [`${routineOf(calls["unpack"]!)}(${expressionOf(reads)}, ${expressionOf(region)}, ${pixels}, ${channels});`];
}

const plainCall = (run: Run, functionOf: FunctionOf): string =>
  callView(run, functionOf(run).name, [...placesOf(run).map(expressionOf), ...rowOf(run, functionOf)]);

const rowOf = (run: Run, functionOf: FunctionOf): readonly string[] => (run.row === undefined ? [] : [functionOf(run).tables[0]!.name]);

/** A loop over channels. Tensors that have all channels are accessed by strided pointers, since indexing would multiply. */
function loopLines(plan: Plan, { count, body }: EachChannel, functionOf: FunctionOf): readonly string[] {
  const runs = body as readonly Run[];
  if (count === 1) return runs.map((run) => plainCall(run, functionOf));
  const used = runs.map(functionOf);
  const free = names([plan.entry, ...used.flatMap(({ name, tables }) => [name, ...tables.map((table) => table.name)])]);
  const pointers: Pointer[] = [];
  const calls = runs.map((run) => {
    const { name, tables } = functionOf(run);
    const point = (pointer: Pointer): string => {
      pointers.push(pointer);
      return pointer.name;
    };
    const places = placesOf(run).map((region) =>
      region.stride === undefined
        ? expressionOf(region)
        : point({
            ...region.stride,
            type: typeOf(region, run),
            name: free.claim(`${name}_${roleOf(region, run)}`),
            start: expressionOf(region),
          }),
    );
    const row = rowOf(run, functionOf).map((start) =>
      point({ elements: run.row!, every: 1, type: `const ${tables[0]!.element} *`, name: free.claim(`${name}_row`), start }),
    );
    return callView(run, name, [...places, ...row]);
  });
  return [
    "{",
    ...pointers.flatMap(declarations),
    `    for (unsigned channels = ${count}; channels != 0; channels--) {`,
    ...[...calls, ...pointers.flatMap(advance)].map((line) => `        ${line}`),
    "    }",
    "}",
  ];
}

const typeOf = (region: Region, run: Run): string => `${region === run.writes ? "" : "const "}${cTypes[region.element]} *`;

const roleOf = (region: Region, run: Run): string => (region === run.writes ? "out" : region === run.reads ? "in" : "other");

const declarations = ({ type, name, start, every }: Pointer): readonly string[] => [
  `    ${type}${name} = ${start};`,
  ...(every === 1 ? [] : [`    unsigned ${name}_left = ${every};`]),
];

const advance = ({ name, elements, every }: Pointer): readonly string[] =>
  every === 1
    ? [`${name} += ${elements};`]
    : [`if (--${name}_left == 0) {`, `    ${name}_left = ${every};`, `    ${name} += ${elements};`, "}"];

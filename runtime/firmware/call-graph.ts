import { Failure } from "../failure.js";

/** A call graph with the frame of each function, in bytes. */
export type CallGraph = ReadonlyMap<string, GraphNode>;

interface GraphNode {
  readonly name: string;
  /** Undefined for functions that nobody described. */
  readonly bytes?: number;
  /** Whether `bytes` is all it ever takes. */
  readonly bounded: boolean;
  /** Keys of the graph. */
  readonly calls: readonly string[];
}

/**
 * Merges the `.ci` files of GCC's -fcallgraph-info=su. Static functions have their file before the name in their keys. `taken` has by
 * name the bytes of stack that functions take by assembly.
 */
export function readCallGraph(files: readonly string[], taken: ReadonlyMap<string, number> = new Map()): CallGraph {
  const graph = new Map<string, GraphNode>();
  const lines = files.flatMap((text) => text.split("\n"));
  for (const line of lines) {
    const [, key, label] = /^node: \{ title: "(.+?)" label: "(.+?)"/.exec(line) ?? [];
    if (key === undefined || label === undefined || graph.get(key)?.bytes !== undefined) continue;
    const [, bytes, kind] = /\\n(\d+) bytes \(([\w,]+)\)/.exec(label) ?? [];
    // GCC marks the copies that it makes of functions with a dot.
    const name = label.split("\\n")[0]!.split(".")[0]!;
    graph.set(key, {
      name,
      ...(bytes === undefined ? {} : { bytes: Number(bytes) + (taken.get(name) ?? 0) }),
      bounded: kind !== "dynamic",
      calls: graph.get(key)?.calls ?? [],
    });
  }
  for (const line of lines) {
    const [, from, to] = /^edge: \{ sourcename: "(.+?)" targetname: "(.+?)"/.exec(line) ?? [];
    const caller = graph.get(from ?? "");
    if (caller !== undefined && !caller.calls.includes(to!)) graph.set(from!, { ...caller, calls: [...caller.calls, to!] });
  }
  return graph;
}

/** The deepest stack below a function, with the call path that leads there. */
export interface Depth {
  readonly bytes: number;
  /** From the function itself to the innermost. */
  readonly path: readonly string[];
}

/**
 * The worst case over all calls. Throws a `Failure` where there is none to be had: recursion, calls through pointers,
 * frames without bound.
 */
export function deepestStack(graph: CallGraph, root: string): Depth {
  const known = new Map<string, Depth>();
  const from = (key: string, callers: readonly string[]): Depth => {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (callers.includes(key)) throw unbounded(`\`${key}\` calls itself (${[...callers.slice(callers.indexOf(key)), key].join(" → ")})`);
    const node = graph.get(key);
    const caller = callers.at(-1) ?? "the firmware";
    if (key === "__indirect_call") throw unbounded(`\`${caller}\` calls through a pointer`);
    if (node?.bytes === undefined) throw unbounded(`nobody knows how much \`${key}\`, which \`${caller}\` calls, needs`);
    if (!node.bounded) throw unbounded(`\`${key}\` takes as much as its data ask for`);
    const below = node.calls
      .map((callee) => from(callee, [...callers, key]))
      .reduce((most, next) => (next.bytes > most.bytes ? next : most), nothing);
    const depth = { bytes: node.bytes + below.bytes, path: [node.name, ...below.path] };
    known.set(key, depth);
    return depth;
  };
  return from(root, []);
}

const nothing: Depth = { bytes: 0, path: [] };

const unbounded = (why: string): Failure =>
  new Failure(`the stack has no known worst case: ${why}`, "write it without recursion, function pointers and arrays of variable length");

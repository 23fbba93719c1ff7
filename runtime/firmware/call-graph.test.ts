import { expect, test } from "vitest";
import { deepestStack, readCallGraph } from "./call-graph.js";

const node = (key: string, bytes: number | undefined, kind = "static") =>
  `node: { title: "${key}" label: "${key.replace(/^.*:/, "")}\\nnet.c:1:2${bytes === undefined ? "" : `\\n${bytes} bytes (${kind})`}"${bytes === undefined ? " shape : ellipse" : ""} }`;
const edge = (from: string, to: string) => `edge: { sourcename: "${from}" targetname: "${to}" label: "net.c:3:4" }`;
const file = (...lines: readonly string[]) => ['graph: { title: "net.c"', ...lines, "}"].join("\n");

test("the deepest of all ways through the calls counts, over files", () => {
  const net = file(
    node("infer", 16),
    node("net.c:wide", 40),
    node("net.c:narrow", 8),
    node("shared", undefined),
    edge("infer", "net.c:wide"),
    edge("infer", "net.c:narrow"),
    edge("net.c:narrow", "shared"),
  );
  const other = file(node("shared", 100), node("main", 4), node("infer", undefined), edge("main", "infer"));
  const graph = readCallGraph([net, other]);
  expect(deepestStack(graph, "main")).toEqual({ bytes: 128, path: ["main", "infer", "narrow", "shared"] });
  expect(deepestStack(graph, "infer")).toEqual({ bytes: 124, path: ["infer", "narrow", "shared"] });
  expect(deepestStack(graph, "net.c:wide")).toEqual({ bytes: 40, path: ["wide"] });
});

test("the order of the files does not matter", () => {
  const caller = file(node("main", 4), node("infer", undefined), edge("main", "infer"));
  const callee = file(node("infer", 12));
  expect(deepestStack(readCallGraph([caller, callee]), "main").bytes).toBe(16);
  expect(deepestStack(readCallGraph([callee, caller]), "main").bytes).toBe(16);
});

test.each([
  [
    "recursion",
    file(node("main", 4), node("a", 4), node("b", 4), edge("main", "a"), edge("a", "b"), edge("b", "a")),
    "`a` calls itself (a → b → a)",
  ],
  [
    "a pointer",
    file(node("main", 4), node("__indirect_call", undefined), edge("main", "__indirect_call")),
    "`main` calls through a pointer",
  ],
  [
    "a library",
    file(node("main", 4), node("memcpy", undefined), edge("main", "memcpy")),
    "nobody knows how much `memcpy`, which `main` calls, needs",
  ],
  ["an array of variable length", file(node("main", 4, "dynamic")), "`main` takes as much as its data ask for"],
])("%s has no worst case, and the message says why", (_, text, why) => {
  expect(() => deepestStack(readCallGraph([text]), "main")).toThrow(`the stack has no known worst case: ${why}`);
});

test("what assembly takes counts with what the compiler says of its function", () => {
  const graph = readCallGraph([file(node("infer", 16), node("net.c:naked", 0), edge("infer", "net.c:naked"))], new Map([["naked", 52]]));
  expect(deepestStack(graph, "infer").bytes).toBe(68);
});

test("what GCC bounds is as good as static", () => {
  expect(deepestStack(readCallGraph([file(node("main", 24, "dynamic,bounded"))]), "main").bytes).toBe(24);
});

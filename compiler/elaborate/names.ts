import type { Block, Dataset, Declaration, Expression, File, Model, Name, Param } from "#grammar/ast.js";
import type { Span } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import { type Program, resolvePath } from "./load.js";
import { evaluate, type Report } from "./evaluate.js";
import { mostSteps } from "./lookup.js";
import { problem } from "./messages.js";
import type { Environment, Value } from "./value.js";

type Named = Param | Block | Dataset | Model;

/** What the names of one file mean. */
export interface Names {
  readonly file: File;
  /** The file's own params and those it uses. */
  readonly environment: Environment;
  /** A declaration of the file, or one it uses, with the names of the file that it is from. */
  find<K extends Named["kind"]>(kind: K, name: string): Found<K> | undefined;
  /** The names of a kind that `find` would find. */
  known(kind: Named["kind"]): readonly string[];
}

export interface Found<K extends Named["kind"]> {
  readonly declaration: Extract<Named, { kind: K }>;
  readonly names: Names;
}

/** Binds the names of the root file; those of used files as they are needed. `overrides` replace the values of params. */
export function bindNames({ root, files }: Program, overrides: ReadonlyMap<string, Expression>, report: Report): Names {
  const bound = new Map<File, Names>();
  const namesOf = (file: File): Names => {
    const known = bound.get(file);
    if (known !== undefined) return known;
    const names = bindFile(file, (path) => files.get(path), namesOf, overrides, report);
    bound.set(file, names);
    return names;
  };
  return namesOf(root);
}

function bindFile(
  file: File,
  fileAt: (path: string) => File | undefined,
  namesOf: (file: File) => Names,
  overrides: ReadonlyMap<string, Expression>,
  report: Report,
): Names {
  const own = declared(file, report);
  const used = new Map<string, { readonly from: File; readonly declaration: Named }>();
  for (const { name, path, from } of imports(file, fileAt)) {
    const declaration = from.declarations.find((candidate): candidate is Named => isNamed(candidate) && candidate.name.text === name.text);
    const clash = own.get(name.text)?.name ?? used.get(name.text)?.declaration.name;
    if (declaration === undefined) report(unknownImport(name, path, from));
    else if (clash !== undefined) report(twice(name, clash.span));
    else used.set(name.text, { from, declaration });
  }
  const find = (name: string): { readonly from: File; readonly declaration: Named } | undefined => {
    const declaration = own.get(name);
    return declaration === undefined ? used.get(name) : { from: file, declaration };
  };
  return {
    file,
    environment: params(file, find, namesOf, overrides, report),
    find: <K extends Named["kind"]>(kind: K, name: string) => {
      const found = find(name);
      if (found === undefined || found.declaration.kind !== kind) return undefined;
      return { declaration: found.declaration, names: namesOf(found.from) } as Found<K>;
    },
    known: (kind) => [...own.keys(), ...used.keys()].filter((name) => find(name)!.declaration.kind === kind),
  };
}

const isNamed = (declaration: Declaration): declaration is Named => "name" in declaration;

/** The file's declarations by name; the first of a name counts. */
function declared(file: File, report: Report): ReadonlyMap<string, Named> {
  const own = new Map<string, Named>();
  for (const declaration of file.declarations.filter(isNamed)) {
    const before = own.get(declaration.name.text);
    if (before === undefined) own.set(declaration.name.text, declaration);
    else report(twice(declaration.name, before.name.span));
  }
  return own;
}

/** Every name the file takes from files that could be read. */
function imports(file: File, fileAt: (path: string) => File | undefined) {
  return file.declarations.flatMap((declaration) => {
    if (declaration.kind !== "use") return [];
    const path = resolvePath(file.source.path, declaration.path.value);
    const from = fileAt(path);
    return from === undefined ? [] : declaration.names.map((name) => ({ name, path, from }));
  });
}

/** Computes params when they are asked for, each once, and notices circles. */
function params(
  file: File,
  find: (name: string) => { readonly from: File; readonly declaration: Named } | undefined,
  namesOf: (file: File) => Names,
  overrides: ReadonlyMap<string, Expression>,
  report: Report,
): Environment {
  const values = new Map<string, Value>();
  const underway = new Set<string>();
  let depth = 0;
  const environment: Environment = {
    get: (name) => {
      const found = find(name);
      if (found?.declaration.kind !== "param") return undefined;
      if (found.from !== file) return namesOf(found.from).environment.get(name);
      const known = values.get(name);
      if (known !== undefined) return known;
      const value = compute(found.declaration);
      values.set(name, value);
      return value;
    },
  };
  const compute = (param: Param): Value => {
    const { name, value } = param;
    if (underway.has(name.text)) return circle(param, report);
    if (depth === mostSteps) return tooFar(param, report);
    underway.add(name.text);
    depth++;
    const computed = evaluate(overrides.get(name.text) ?? value, environment, report);
    depth--;
    return computed;
  };
  return environment;
}

function circle({ name }: Param, report: Report): Value {
  report(problem("recursive-param", name.span, { name: name.text }));
  return { kind: "unknown", span: name.span };
}

function tooFar({ name }: Param, report: Report): Value {
  report(problem("too-many-steps", name.span, { name: name.text, limit: mostSteps }));
  return { kind: "unknown", span: name.span };
}

const twice = ({ text, span }: Name, before: Span) =>
  problem("duplicate-declaration", span, { name: text }, { related: [{ span: before, text: "first declared here" }] });

function unknownImport({ text, span }: Name, path: string, from: File) {
  const known = from.declarations.filter(isNamed).map(({ name }) => name.text);
  const meant = suggest(text, known);
  return problem(
    "unknown-import",
    span,
    { path, name: text },
    {
      help: known.length === 0 ? "that file declares nothing" : `it declares: ${known.join(", ")}`,
      ...(meant === undefined ? {} : { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } }),
    },
  );
}

import type { Span } from "./source.js";

/** A place in the source with what is to be said about it. */
export interface Label {
  readonly span: Span;
  readonly text?: string;
}

/** Replaces a span by other text: a fix that `bnmc check --fix` may apply without asking. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** One message to the user: what is wrong, where, why, and what to do about it. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly at: Label;
  /** The other places involved. */
  readonly related: readonly Label[];
  /** Facts that explain the message, one sentence each. */
  readonly notes: readonly string[];
  readonly help?: string;
  readonly fix?: TextEdit;
}

/** A value together with what was found wrong on the way to it; passes never return one without the other. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** A message with named holes; the holes are part of its type. */
export interface Message<Hole extends string> {
  readonly holes: readonly Hole[];
  fill(values: Readonly<Record<Hole, string | number>>): string;
}

/** Builds a message: ``say`there is no ${"kind"} ${"name"}` ``. */
export function say<const Hole extends string = never>(texts: TemplateStringsArray, ...holes: Hole[]): Message<Hole> {
  return {
    holes,
    fill: (values) => texts.reduce((line, text, i) => line + String(values[holes[i - 1]!]) + text),
  };
}

/** What one kind of diagnostic always says; `why` and `example` become the manual and `bnmc explain`. */
export interface DiagnosticDefinition<Hole extends string = string> {
  readonly severity: "error" | "warning";
  readonly message: Message<Hole>;
  /** Why the rule exists, for a reader who has never met it. */
  readonly why: string;
}

/** A definition whatever its holes; naming them here would stop the compiler from inferring them. */
type AnyDefinition = Omit<DiagnosticDefinition, "message"> & { readonly message: object };

/** What a particular occurrence may add to its definition. */
export interface Details {
  readonly label?: string;
  readonly related?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fix?: TextEdit;
}

type HolesOf<D> = D extends { message: Message<infer Hole> } ? Hole : never;
/** What fills the holes of a definition's message. */
export type ValuesOf<D> = [HolesOf<D>] extends [never] ? Readonly<Record<string, never>> : Readonly<Record<HolesOf<D>, string | number>>;

export interface Diagnostics<Table> {
  readonly table: Table;
  <Code extends keyof Table & string>(code: Code, span: Span, values: ValuesOf<Table[Code]>, details?: Details): Diagnostic;
}

/** Turns a table of definitions into the function that reports them; a misspelt code or a forgotten hole does not compile. */
export function defineDiagnostics<const Table extends Readonly<Record<string, AnyDefinition>>>(table: Table): Diagnostics<Table> {
  const report = (code: string, span: Span, values: Readonly<Record<string, string | number>>, details: Details = {}): Diagnostic => {
    const definition = table[code] as unknown as DiagnosticDefinition;
    return {
      code,
      severity: definition.severity,
      message: definition.message.fill(values),
      at: details.label === undefined ? { span } : { span, text: details.label },
      related: details.related ?? [],
      notes: details.notes ?? [],
      ...(details.help === undefined ? {} : { help: details.help }),
      ...(details.fix === undefined ? {} : { fix: details.fix }),
    };
  };
  return Object.assign(report, { table }) as unknown as Diagnostics<Table>;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

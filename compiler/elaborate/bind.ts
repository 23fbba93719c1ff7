import type { Diagnostic } from "#grammar/diagnostic.js";
import type { Span } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import type { Kind, Parameter, Parameters } from "../catalog/parameter.js";
import { apply, convert } from "./convert.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";
import { type Scope, settingOf } from "./scope.js";
import type { ArgumentValue, Value } from "./value.js";

/** Who takes the arguments, for messages. */
export interface Taker {
  readonly name: string;
  readonly span: Span;
}

export type Bound = Readonly<Record<string, unknown>>;

/**
 * Fits arguments to parameters: by place, by name, then for inherited ones from the nearest scope that sets them,
 * then by default. Undefined when something did not fit, which has then been reported.
 */
export function bind(
  parameters: Parameters,
  given: readonly ArgumentValue[],
  taker: Taker,
  report: Report,
  scope?: Scope,
): Bound | undefined {
  const placed = placeArguments(Object.keys(parameters), given, taker, report);
  if (placed === undefined) return undefined;
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const value = placed.get(name) ?? (parameter.inherited && scope ? settingOf(scope, name)?.value : undefined);
    return [name, value === undefined ? fallback(name, parameter, taker, report) : convert(parameter.kind, value, name, report)] as const;
  });
  return values.every(([, value]) => value !== undefined) ? Object.fromEntries(values) : undefined;
}

/** Which of the named parameters each argument is for: by name, else by place. */
export function placeArguments(
  names: readonly string[],
  given: readonly ArgumentValue[],
  taker: Taker,
  report: Report,
): ReadonlyMap<string, Value> | undefined {
  const placed = new Map<string, Value>();
  let sound = true;
  const refuse = (diagnostic: Diagnostic): void => {
    report(diagnostic);
    sound = false;
  };
  given.forEach(({ name: label, value }, position) => {
    const name = label?.text ?? names[position];
    if (name === undefined) {
      const limit = names.length === 0 ? "no arguments" : names.length === 1 ? "one argument" : `${names.length} arguments`;
      if (position === names.length) refuse(problem("too-many-arguments", value.span, { callee: taker.name, limit, found: given.length }));
      return;
    }
    if (!names.includes(name)) return refuse(unknownArgument(name, label!.span, names, taker));
    if (placed.has(name)) return refuse(problem("duplicate-argument", label?.span ?? value.span, { name, callee: taker.name }));
    placed.set(name, value);
  });
  return sound ? placed : undefined;
}

function unknownArgument(name: string, span: Span, names: readonly string[], { name: callee }: Taker) {
  const meant = suggest(name, names);
  return problem(
    "unknown-argument",
    span,
    { name, callee },
    {
      help: names.length === 0 ? `${callee} takes no arguments` : `known: ${names.join(", ")}`,
      ...(meant === undefined ? {} : { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } }),
    },
  );
}

function fallback(name: string, parameter: Parameter<unknown>, taker: Taker, report: Report): unknown {
  if (parameter.fallback !== undefined) return complete(parameter.kind, parameter.fallback, taker, report);
  const help = parameter.inherited ? `give it as an argument, or set \`${name}: …\` in the model` : parameter.summary;
  report(problem("missing-argument", taker.span, { callee: taker.name, name }, { help }));
  return undefined;
}

/** A fallback that names an entry gets that entry's own fallbacks as arguments. */
function complete(kind: Kind, value: unknown, { span }: Taker, report: Report): unknown {
  if (kind.kind !== "entry" || kind.bare) return value;
  return apply(kind.family, { kind: "word", value: (value as { name: string }).name, span }, report);
}

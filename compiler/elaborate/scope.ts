import type { Setting } from "#grammar/ast.js";
import { suggest } from "#grammar/suggest.js";
import { catalog } from "../catalog/index.js";
import { evaluate, type Report } from "./evaluate.js";
import { problem } from "./messages.js";
import type { Environment, Value } from "./value.js";

/** The settings of one body, and the bodies around it: the nearest wins. */
export interface Scope {
  /** How messages and `check --show settings` call it: "model fc_mnist". */
  readonly name: string;
  readonly settings: ReadonlyMap<string, Value>;
  readonly parent?: Scope;
}

/** The nearest value of a setting and the scope that gives it. */
export function settingOf(scope: Scope, name: string): { readonly value: Value; readonly scope: Scope } | undefined {
  const value = scope.settings.get(name);
  if (value !== undefined) return { value, scope };
  return scope.parent === undefined ? undefined : settingOf(scope.parent, name);
}

/** Opens the scope of a body. A setting that no layer inherits is reported. */
export function openScope(name: string, written: readonly Setting[], environment: Environment, report: Report, parent?: Scope): Scope {
  const settings = computeSettings(written, inheritedNames(), name, environment, report);
  return parent === undefined ? { name, settings } : { name, settings, parent };
}

/** Computes settings, of which each must be known and none may be repeated. */
export function computeSettings(
  written: readonly Setting[],
  known: readonly string[],
  place: string,
  environment: Environment,
  report: Report,
): ReadonlyMap<string, Value> {
  const settings = new Map<string, Value>();
  const first = new Map<string, Setting>();
  for (const setting of written) {
    const { text, span } = setting.name;
    const before = first.get(text);
    if (before !== undefined) {
      report(problem("duplicate-setting", span, { name: text }, { related: [{ span: before.name.span, text: "first set here" }] }));
    } else if (!known.includes(text)) {
      const meant = suggest(text, known);
      report(
        problem(
          "unknown-setting",
          span,
          { place, name: text },
          {
            help: `known: ${[...known].sort().join(", ")}`,
            ...(meant === undefined ? {} : { label: `did you mean \`${meant}\`?`, fix: { span, text: meant } }),
          },
        ),
      );
    } else {
      settings.set(text, evaluate(setting.value, environment, report));
    }
    first.set(text, before ?? setting);
  }
  return settings;
}

/** Every parameter that some layer of the catalogue lets its scope set. */
export function inheritedNames(): readonly string[] {
  const names = Object.values(catalog.layers).flatMap(({ parameters }) =>
    Object.keys(parameters).filter((name) => parameters[name]!.inherited),
  );
  return [...new Set(names)];
}

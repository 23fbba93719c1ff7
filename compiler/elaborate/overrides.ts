import type { Declaration, Expression, Param, Setting, Train } from "#grammar/ast.js";
import { hasErrors } from "#grammar/diagnostic.js";
import { parse } from "#grammar/parse.js";
import { suggest } from "#grammar/suggest.js";
import { trainParameters } from "../catalog/statements/train.js";
import type { SettingOrigin } from "../ir/module.js";
import type { Program } from "./load.js";
import type { Report } from "./evaluate.js";
import { problem } from "./messages.js";
import { inheritedNames } from "./scope.js";

/** What was set from outside, by what it is: `--set width=16 --set weights=2bitsym --set seed=3`. */
export interface Overrides {
  /** New values of params; a param hides a setting of its name. */
  readonly params: ReadonlyMap<string, Expression>;
  /** Settings of every `train` statement. */
  readonly training: readonly Setting[];
  /** Settings of every model, for the layers that inherit them. */
  readonly model: readonly Setting[];
}

/** How `check --show settings` calls the scope that holds the settings from outside. */
export const overrideScope = "--set";

/** Parses the values and finds out what each name is; one that is nothing is reported. */
export function sortOverrides(texts: Readonly<Record<string, string>>, { files }: Program, report: Report): Overrides {
  const declarations = [...files.values()].flatMap((file) => file.declarations);
  const params = declarations.flatMap((declaration) => (declaration.kind === "param" ? [declaration.name.text] : []));
  const [training, model] = [Object.keys(trainParameters), inheritedNames()];
  const given = Object.entries(texts).flatMap(([name, text]) => parseOverride(name, text, report) ?? []);
  const settings = given.filter(({ name }) => !params.includes(name.text)).map(settingOf);
  for (const { name, span } of settings) {
    if ([...training, ...model].includes(name.text)) continue;
    const meant = suggest(name.text, [...params, ...training, ...model]);
    const help = `params: ${params.join(", ") || "none"}; settings: ${[...model, ...training].join(", ")}`;
    report(
      problem(
        "unknown-param",
        { ...span, start: 0 },
        { name: name.text },
        { help, ...(meant === undefined ? {} : { label: `did you mean \`${meant}\`?` }) },
      ),
    );
  }
  return {
    params: new Map(given.flatMap(({ name, value }) => (params.includes(name.text) ? [[name.text, value] as const] : []))),
    training: settings.filter(({ name }) => training.includes(name.text)),
    model: settings.filter(({ name }) => model.includes(name.text)),
  };
}

function parseOverride(name: string, text: string, report: Report): Param | undefined {
  const { value, diagnostics } = parse({ path: "--set", text: `param ${name} = ${text}` });
  diagnostics.forEach(report);
  const declaration: Declaration | undefined = value.declarations[0];
  return declaration?.kind === "param" && !hasErrors(diagnostics) ? declaration : undefined;
}

const settingOf = ({ name, value, span }: Param): Setting => ({ kind: "setting", name, value, span });

/** Settings as they stand once some are set from outside. */
export const withOverrides = (written: readonly Setting[], overriding: readonly Setting[]): readonly Setting[] => [
  ...withoutOverridden(written, overriding),
  ...overriding,
];

/** The settings that are not set from outside. */
export const withoutOverridden = (written: readonly Setting[], overriding: readonly Setting[]): readonly Setting[] =>
  written.filter((setting) => !overriding.some(({ name }) => name.text === setting.name.text));

/** Reports the settings from outside that changed nothing: a variant that is none would mislead whoever compares. */
export function reportIdle(
  { training, model }: Overrides,
  statements: readonly Train[],
  settings: readonly SettingOrigin[],
  report: Report,
): void {
  const help = "layers and blocks that set it themselves are nearer; give them a param, and set that";
  for (const { name, span } of model) {
    if (!settings.some(({ setting, from }) => setting === name.text && from === overrideScope))
      report(problem("idle-override", span, { name: name.text }, { help }));
  }
  if (statements.length > 0) return;
  for (const { name, span } of training)
    report(problem("idle-override", span, { name: name.text }, { help: "the file has no `train` statement" }));
}

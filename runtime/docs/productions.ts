import { tokenTable } from "#grammar/tokens.js";

/**
 * The language as it is meant to be written, for the manual. The parser reads more than this, so that one slip does
 * not cost a whole declaration; a test derives texts from these productions, which must parse without a message, and
 * finds every well-formed file among what they derive.
 */
export type Rule =
  | { readonly kind: "literal"; readonly text: string }
  /** A token with more than one text. */
  | { readonly kind: "token"; readonly name: TokenKind }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Rule[] }
  | { readonly kind: "choice"; readonly parts: readonly Rule[] }
  | { readonly kind: "optional"; readonly part: Rule }
  | { readonly kind: "many"; readonly part: Rule };

export type TokenKind = "name" | "number" | "string" | "unit";

type Part = Rule | string;

/** A quoted text stands for itself, `NAME` in capitals for a token, other words for productions. */
const ruleOf = (part: Part): Rule => {
  if (typeof part !== "string") return part;
  if (part.startsWith("'")) return { kind: "literal", text: part.slice(1, -1) };
  if (part === part.toUpperCase()) return { kind: "token", name: part.toLowerCase() as TokenKind };
  return { kind: "rule", name: part };
};

const sequence = (...parts: readonly Part[]): Rule => ({ kind: "sequence", parts: parts.map(ruleOf) });
const choice = (...parts: readonly Part[]): Rule => ({ kind: "choice", parts: parts.map(ruleOf) });
const optional = (...parts: readonly Part[]): Rule => ({ kind: "optional", part: sequence(...parts) });
const many = (...parts: readonly Part[]): Rule => ({ kind: "many", part: sequence(...parts) });
const separated = (part: Part): Rule => sequence(part, many("','", part));

const comparisons = Object.values(tokenTable).flatMap((entry) =>
  entry.role === "comparison" && !("meant" in entry) ? [`'${entry.pattern}'`] : [],
);

/** By name, from the whole to its parts. */
export const productions: Readonly<Record<string, Rule>> = {
  file: many("declaration"),
  declaration: choice("use", "param", "block", "model", "dataset", "train", "deploy"),

  use: sequence("'use'", separated("NAME"), "'from'", "STRING"),
  param: sequence("'param'", "NAME", "'='", "value"),
  block: sequence("'block'", "NAME", optional("parameters"), "body"),
  parameters: sequence("'('", optional(separated("NAME"), optional("','")), "')'"),
  model: sequence("'model'", "NAME", "body"),
  dataset: sequence("'dataset'", "NAME", "'{'", many("setting"), "'}'"),
  train: sequence("'train'", "NAME", "'on'", "NAME", "'{'", many(choice("setting", "claim")), "'}'"),
  deploy: sequence("'deploy'", "NAME", "'to'", separated("NAME"), "'{'", many(choice("setting", "claim")), "'}'"),

  body: sequence("'{'", many("setting"), "pipeline", "'}'"),
  setting: sequence("NAME", "':'", "value"),
  claim: sequence(choice("'require'", "'expect'"), "subject", choice(...comparisons), "sum"),
  subject: sequence("apply", many(choice("'+'", "'-'", "'*'", "'/'"), "signed")),

  pipeline: sequence("stage", many("'->'", "stage")),
  stage: sequence(choice("input", "repeat", "apply"), optional("'as'", "NAME")),
  input: sequence("'input'", "NAME", "list"),
  repeat: sequence("'repeat'", optional("NAME", "'in'"), "sum", "body"),
  apply: sequence("NAME", optional("arguments")),
  arguments: sequence("'('", optional(separated("argument"), optional("','")), "')'"),
  argument: sequence(optional("NAME", "':'"), "value"),

  value: choice("chain", "sum"),
  chain: sequence(choice(sequence("apply", optional("'as'", "NAME")), sequence("'('", "chain", "')'")), "'->'", "pipeline"),
  sum: sequence("product", many(choice("'+'", "'-'"), "product")),
  product: sequence("signed", many(choice("'*'", "'/'"), "signed")),
  signed: sequence(many("'-'"), "atom"),
  atom: choice("quantity", "STRING", "list", "apply", sequence("'('", "value", "')'")),
  quantity: sequence("NUMBER", optional("UNIT")),
  list: sequence("'['", optional(separated("value"), optional("','")), "']'"),
};

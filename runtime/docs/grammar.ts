import { tokenTable } from "#grammar/tokens.js";
import { code, fence, heading, page, paragraph, table } from "../markdown.js";
import { productions, type Rule } from "./productions.js";

/** The page of the grammar: productions as EBNF (ISO 14977), and the tokens. */
export const grammarPage = (): string =>
  page(
    heading(1, "Grammar"),
    paragraph(
      "`[ ]` is optional, `{ }` any number of times, `|` a choice; quoted text stands for itself. Words of the language may also be " +
        "names where that is not ambiguous: `cosine(from: 0.001, to: 0)`.",
    ),
    fence("ebnf", ebnf()),
    heading(2, "Tokens"),
    table(
      ["Text", "Role", "What it does"],
      properTokens().map(({ pattern, role, summary }) => [code(typeof pattern === "string" ? pattern : pattern.source), role, summary]),
    ),
  );

const properTokens = () => Object.values(tokenTable).filter((entry) => !("meant" in entry));

function ebnf(): string {
  const width = Math.max(...Object.keys(productions).map((name) => name.length));
  return Object.entries(productions)
    .map(([name, rule]) => `${name.padEnd(width)} = ${show(rule)} ;`)
    .join("\n");
}

function show(rule: Rule): string {
  switch (rule.kind) {
    case "literal":
      return `"${rule.text}"`;
    case "token":
      return rule.name.toUpperCase();
    case "rule":
      return rule.name;
    case "sequence":
      return rule.parts.map((part) => (part.kind === "choice" ? `( ${show(part)} )` : show(part))).join(", ");
    case "choice":
      return rule.parts.map(show).join(" | ");
    case "optional":
      return `[ ${show(rule.part)} ]`;
    case "many":
      return `{ ${show(rule.part)} }`;
  }
}

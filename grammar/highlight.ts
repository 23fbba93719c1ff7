import { tokenTable, type Role } from "./tokens.js";

/** A rule of a TextMate grammar: what matches is shown in the scope's color. */
interface Pattern {
  readonly name: string;
  readonly match: string;
}

/** The TextMate scope of each role; `undefined` leaves text in the editor's plain color. */
const scopes: Readonly<Record<Role, string | undefined>> = {
  space: undefined,
  comment: "comment.line.double-slash.bnm",
  declaration: "keyword.declaration.bnm",
  keyword: "keyword.other.bnm",
  name: undefined,
  number: "constant.numeric.bnm",
  string: "string.quoted.double.bnm",
  arrow: "keyword.operator.arrow.bnm",
  sign: "punctuation.separator.bnm",
  operator: "keyword.operator.arithmetic.bnm",
  comparison: "keyword.operator.comparison.bnm",
  open: "punctuation.section.begin.bnm",
  close: "punctuation.section.end.bnm",
};

/**
 * The grammar by which editors color `.bnm` files, derived from the token table. It sees single tokens only, so the
 * few things that a token does not tell (a word before `:` or `(` is a name, a word behind a number its unit) are
 * patterns of their own, tried first.
 */
export function textMateGrammar(): object {
  return {
    name: "bnm",
    scopeName: "source.bnm",
    fileTypes: ["bnm"],
    patterns: [...commentPatterns(), ...contextPatterns, ...tokenPatterns()],
  };
}

const contextPatterns: readonly Pattern[] = [
  { name: "variable.parameter.bnm", match: "\\b\\w+(?=\\s*:)" },
  { name: "entity.name.function.bnm", match: "\\b\\w+(?=\\s*\\()" },
  { name: "keyword.other.unit.bnm", match: "(?<=\\d\\s)[A-Za-z]+\\b(?!\\s*[:=(]|\\s*->)|(?<=\\d)%" },
];

function commentPatterns(): readonly Pattern[] {
  return [
    { name: "comment.line.documentation.bnm", match: tokenTable.Doc.pattern.source },
    { name: scopes.comment!, match: tokenTable.Comment.pattern.source },
  ];
}

/** A pattern for every proper token with a color, words as whole words, in the order of the lexer. */
function tokenPatterns(): readonly Pattern[] {
  return Object.values(tokenTable).flatMap((entry) => {
    const name = scopes[entry.role];
    if (name === undefined || entry.role === "comment" || "meant" in entry) return [];
    const isWord = entry.role === "declaration" || entry.role === "keyword";
    const source = typeof entry.pattern === "string" ? escaped(entry.pattern) : entry.pattern.source;
    return [{ name, match: isWord ? `\\b${source}\\b` : source }];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

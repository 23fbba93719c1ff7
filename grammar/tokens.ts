import { createToken, Lexer, type TokenType } from "./chevrotain.js";

/**
 * What a token is for. Messages, highlighting and the manual go by the role; the parser goes by the categories
 * that follow from it: keywords are also `Name`s, because `cosine(from: 0.001, to: 0)` must stay possible.
 */
export type Role =
  | "space"
  | "comment"
  | "declaration"
  | "keyword"
  | "name"
  | "number"
  | "string"
  | "arrow"
  | "sign"
  | "operator"
  | "comparison"
  | "open"
  | "close";

interface TokenEntry {
  readonly role: Role;
  readonly pattern: RegExp | string;
  /** For the manual: what it does. */
  readonly summary: string;
  /** The token this one is a common misspelling of; it parses as that token and is reported. */
  readonly meant?: string;
}

const declaration = (word: string, summary: string) => ({ role: "declaration", pattern: word, summary }) as const;
const keyword = (word: string, summary: string) => ({ role: "keyword", pattern: word, summary }) as const;
const sign = (text: string, summary: string) => ({ role: "sign", pattern: text, summary }) as const;
const operator = (text: string, summary: string) => ({ role: "operator", pattern: text, summary }) as const;
const comparison = (text: string, summary: string) => ({ role: "comparison", pattern: text, summary }) as const;
const open = (text: string, summary: string) => ({ role: "open", pattern: text, summary }) as const;
const close = (text: string, summary: string) => ({ role: "close", pattern: text, summary }) as const;

/** Every token, in the order in which the lexer tries them. */
export const tokenTable = {
  Space: { role: "space", pattern: /\s+/, summary: "Separates words; newlines mean nothing." },
  Doc: { role: "comment", pattern: /\/\/\/(?!\/)[^\n\r]*/, summary: "Documents the declaration below it." },
  Comment: { role: "comment", pattern: /\/\/[^\n\r]*/, summary: "A remark up to the end of the line." },
  BlockComment: { role: "comment", pattern: /\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/, summary: "A remark as C writes it.", meant: "Comment" },
  HashComment: { role: "comment", pattern: /#[^\n\r]*/, summary: "A remark as Python writes it.", meant: "Comment" },

  Use: declaration("use", "Takes declarations from another file."),
  Param: declaration("param", "Defines a knob that `--set` may turn."),
  Block: declaration("block", "Defines a named pipeline with parameters."),
  Dataset: declaration("dataset", "Defines where samples come from."),
  Model: declaration("model", "Defines a network."),
  Train: declaration("train", "Says how a model learns from a dataset."),
  Deploy: declaration("deploy", "Says where a model runs and within which limits."),
  From: keyword("from", "Names the file of `use`."),
  On: keyword("on", "Names the dataset of `train`."),
  To: keyword("to", "Names the targets of `deploy`."),
  As: keyword("as", "Names the value of a stage."),
  Input: keyword("input", "The stage that a model starts with: its type."),
  In: keyword("in", "Names the list of `repeat`."), // after `input`, which it begins
  Repeat: keyword("repeat", "Writes its body several times."),
  Require: keyword("require", "A claim that is proved before training."),
  Expect: keyword("expect", "A claim that is measured afterwards."),

  Number: {
    role: "number",
    pattern: /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]\d+|\d+(?:[eE]\d+)?(?!\w)/,
    summary: "A number; a unit may follow.",
  },
  Identifier: { role: "name", pattern: /\w+/, summary: "A name; it may start with a digit, as `4bitsym` does." },
  String: { role: "string", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/, summary: "A text of the world outside: a path, a column, a label." },
  OpenString: { role: "string", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*\\?/, summary: "A text whose end is missing.", meant: "String" },
  SingleQuoted: { role: "string", pattern: /'[^'"\\\n\r]*'/, summary: "A text in single quotes.", meant: "String" },
  CurlyQuoted: { role: "string", pattern: /[“”„][^“”„"\\\n\r]*[“”]/, summary: "A text in typographic quotes.", meant: "String" },

  Arrow: { role: "arrow", pattern: "->", summary: "Applies the next stage." },
  FatArrow: { role: "arrow", pattern: "=>", summary: "An arrow of another language, or `>=` misspelt.", meant: "Arrow" },
  OtherArrow: { role: "arrow", pattern: /→|⇒|\|>/, summary: "An arrow of another language.", meant: "Arrow" },
  AtMost: comparison("<=", "At most."),
  AtLeast: comparison(">=", "At least."),
  Equal: comparison("==", "Exactly."),
  Below: comparison("<", "Less than."),
  Above: comparison(">", "More than."),
  OtherAtMost: { role: "comparison", pattern: /=<|≤/, summary: "At most, misspelt.", meant: "AtMost" },
  OtherAtLeast: { role: "comparison", pattern: /≥/, summary: "At least, misspelt.", meant: "AtLeast" },
  Colon: sign(":", "Sets."),
  Equals: sign("=", "Defines."),
  Comma: sign(",", "Separates."),
  Percent: sign("%", "The unit of shares, after a number."),
  Plus: operator("+", "Adds."),
  Minus: operator("-", "Subtracts or negates."),
  Star: operator("*", "Multiplies."),
  Slash: operator("/", "Divides."),
  OpenParen: open("(", "Opens arguments or a group."),
  CloseParen: close(")", "Closes arguments or a group."),
  OpenSquare: open("[", "Opens a list or a shape."),
  CloseSquare: close("]", "Closes a list or a shape."),
  OpenBrace: open("{", "Opens a body."),
  CloseBrace: close("}", "Closes a body."),
} as const satisfies Readonly<Record<string, TokenEntry>>;

export type TokenName = keyof typeof tokenTable;

const abstractToken = (name: string) => createToken({ name, pattern: Lexer.NA });

/** Token types that stand for several: what the grammar asks for where more than one token will do. */
export const category = {
  Skippable: abstractToken("Skippable"),
  Name: abstractToken("Name"),
  Declaration: abstractToken("Declaration"),
  Comparison: abstractToken("Comparison"),
  Opener: abstractToken("Opener"),
  Closer: abstractToken("Closer"),
};

export type CategoryName = keyof typeof category;

const categoriesOf: Readonly<Record<Role, readonly CategoryName[]>> = {
  space: [],
  comment: [],
  declaration: ["Skippable", "Name", "Declaration"],
  keyword: ["Skippable", "Name"],
  name: ["Skippable", "Name"],
  number: ["Skippable"],
  string: ["Skippable"],
  arrow: ["Skippable"],
  sign: ["Skippable"],
  operator: ["Skippable"],
  comparison: ["Skippable", "Comparison"],
  open: ["Opener"],
  close: ["Closer"],
};

/** The chevrotain token types of the table, by their names in it. */
export const token: Readonly<Record<TokenName, TokenType>> = createTokens();

function createTokens(): Record<TokenName, TokenType> {
  const created = { Identifier: createTokenType("Identifier", tokenTable.Identifier, {}) } as Record<TokenName, TokenType>;
  const entries = Object.entries(tokenTable) as [TokenName, TokenEntry][];
  for (const [name, entry] of entries) {
    if (entry.meant !== undefined) continue;
    created[name] ??= createTokenType(name, entry, { longer: created.Identifier });
  }
  for (const [name, entry] of entries) {
    if (entry.meant !== undefined) created[name] = createTokenType(name, entry, { meant: created[entry.meant as TokenName] });
  }
  return created;
}

function createTokenType(name: TokenName, entry: TokenEntry, other: { longer?: TokenType; meant?: TokenType }): TokenType {
  const categories = categoriesOf[entry.role].map((each) => category[each]);
  const isWord = entry.role === "declaration" || entry.role === "keyword";
  return createToken({
    name,
    pattern: entry.pattern,
    ...(entry.role === "space" ? { group: Lexer.SKIPPED } : entry.role === "comment" ? { group: "comments" } : {}),
    ...(isWord && other.longer ? { longer_alt: other.longer } : {}),
    categories: other.meant ? [other.meant, ...categories] : categories,
    line_breaks: name === "Space" || name === "BlockComment",
  });
}

/** The token that a token is a misspelling of; undefined for a proper one. */
export function meantBy(type: TokenType): TokenName | undefined {
  const entry: TokenEntry = tokenTable[type.name as TokenName];
  return entry.meant as TokenName | undefined;
}

/** The words that start a declaration, for suggestions. */
export const declarationWords: readonly string[] = Object.values(tokenTable)
  .filter((entry) => entry.role === "declaration")
  .map((entry) => entry.pattern);

/** Splits text into tokens, with comments in the group `comments`. */
export const lexer = new Lexer((Object.keys(tokenTable) as TokenName[]).map((name) => token[name]).concat(Object.values(category)), {
  positionTracking: "full",
});

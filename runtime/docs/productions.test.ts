import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasErrors } from "#grammar/diagnostic.js";
import { parse } from "#grammar/parse.js";
import { lexer, tokenTable, type TokenName } from "#grammar/tokens.js";
import { packageRoot } from "../host.js";
import { productions, type Rule, type TokenKind } from "./productions.js";

interface Word {
  readonly kind: TokenKind | "literal";
  readonly text: string;
}

const roleOf = (name: string) => tokenTable[name as TokenName].role;

/** Everything a token may be; a keyword may be a name. */
function matches({ tokenType, image }: (typeof lexed.tokens)[number], rule: Extract<Rule, { kind: "literal" | "token" }>): boolean {
  if (rule.kind === "literal") return image === rule.text;
  const role = roleOf(tokenType.name);
  const isName = role === "name" || role === "keyword" || role === "declaration";
  switch (rule.name) {
    case "name":
      return isName;
    case "unit":
      return role === "name" || image === "%";
    case "number":
    case "string":
      return role === rule.name;
  }
}

const lexed = lexer.tokenize("");

/** The places up to which a rule can read the tokens from `at` on. */
function ends(rule: Rule, tokens: typeof lexed.tokens, at: number): ReadonlySet<number> {
  switch (rule.kind) {
    case "literal":
    case "token":
      return new Set(at < tokens.length && matches(tokens[at]!, rule) ? [at + 1] : []);
    case "rule":
      return ends(productions[rule.name]!, tokens, at);
    case "sequence":
      return rule.parts.reduce<ReadonlySet<number>>(
        (from, part) => new Set([...from].flatMap((place) => [...ends(part, tokens, place)])),
        new Set([at]),
      );
    case "choice":
      return new Set(rule.parts.flatMap((part) => [...ends(part, tokens, at)]));
    case "optional":
      return new Set([at, ...ends(rule.part, tokens, at)]);
    case "many":
      return closure(rule.part, tokens, at);
  }
}

function closure(part: Rule, tokens: typeof lexed.tokens, at: number): ReadonlySet<number> {
  const reached = new Set([at]);
  for (const place of reached) for (const next of ends(part, tokens, place)) reached.add(next);
  return reached;
}

const derives = (text: string): boolean => {
  const { tokens } = lexer.tokenize(text);
  return ends(productions["file"]!, tokens, 0).has(tokens.length);
};

/** Texts that the productions derive, word by word; deep rules become rare so that texts stay short. */
function texts(rule: Rule, depth: number): fc.Arbitrary<readonly Word[]> {
  switch (rule.kind) {
    case "literal":
      return fc.constant([{ kind: "literal", text: rule.text }]);
    case "token":
      return fc.constantFrom(...samples[rule.name]).map((text) => [{ kind: rule.name, text }]);
    case "rule":
      return texts(productions[rule.name]!, depth + 1);
    case "sequence":
      return fc.tuple(...rule.parts.map((part) => texts(part, depth))).map((parts) => parts.flat());
    case "choice":
      return fc
        .oneof(...(depth > 14 ? rule.parts.slice(0, 1) : rule.parts).map((part) => fc.constant(part)))
        .chain((part) => texts(part, depth));
    case "optional":
      return fc.boolean().chain((present) => (present && depth <= 14 ? texts(rule.part, depth) : fc.constant([])));
    case "many":
      return fc
        .nat({ max: depth > 10 ? 0 : depth > 1 ? 2 : 4 })
        .chain((count) => fc.tuple(...Array.from({ length: count }, () => texts(rule.part, depth))).map((parts) => parts.flat()));
  }
}

const samples: Readonly<Record<TokenKind, readonly string[]>> = {
  name: ["dense", "4bitsym", "width", "i8", "x_1"],
  number: ["0", "12", "0.5", "1e-3"],
  string: ['"lib/a.bnm"', '"\\"quoted\\""', '""'],
  unit: ["KiB", "epochs", "deg", "%"],
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".bnm"))
    .map((name) => join(folder, name));

const textOf = (path: string): string => readFileSync(join(packageRoot, path), "utf8");

describe("productions", () => {
  it("derive only texts that parse without a message", () => {
    fc.assert(
      fc.property(texts(productions["file"]!, 0), (words) => {
        // Newlines mean nothing but to a unit: a word on the next line may be the stage after a setting.
        const text = words.map(({ kind, text: word }) => (kind === "unit" ? ` ${word}` : `\n${word}`)).join("");
        expect(parse({ path: "derived.bnm", text }).diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  const wellFormed = ["models", "grammar/cases", "compiler/cases/errors"]
    .flatMap(filesIn)
    .filter((path) => !hasErrors(parse({ path, text: textOf(path) }).diagnostics));

  it.each(wellFormed)("derive %s", (path) => {
    expect(derives(textOf(path))).toBe(true);
  });
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { textMateGrammar } from "./highlight.js";

const path = join(import.meta.dirname, "vscode", "syntaxes", "bnm.tmLanguage.json");

test("the committed TextMate grammar is that of the token table", () => {
  const text = `${JSON.stringify(textMateGrammar(), undefined, 2)}\n`;
  if (process.env["UPDATE"] === "1") writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
});

/** The scopes of a line as an editor finds them: at each place the first pattern that matches the earliest. */
function colored(line: string): string {
  const { patterns } = textMateGrammar() as { patterns: readonly { name: string; match: string }[] };
  const parts: string[] = [];
  for (let at = 0; at < line.length;) {
    const found = patterns
      .map(({ name, match }) => ({ name, hit: matchFrom(match, line, at) }))
      .filter(({ hit }) => hit !== null)
      .reduce<{ name: string; hit: RegExpExecArray } | undefined>(
        (best, { name, hit }) => (best === undefined || hit!.index < best.hit.index ? { name, hit: hit! } : best),
        undefined,
      );
    if (found === undefined) break;
    parts.push(`${found.hit[0]} ${found.name.replace(/\.bnm$/, "")}`);
    at = found.hit.index + found.hit[0].length;
  }
  return parts.join(", ");
}

function matchFrom(match: string, line: string, at: number): RegExpExecArray | null {
  const pattern = new RegExp(match, "g");
  pattern.lastIndex = at;
  return pattern.exec(line);
}

test.each([
  ["/// About `model`", "/// About `model` comment.line.documentation"],
  [
    'use digits from "a // b" // c',
    'use keyword.declaration, from keyword.other, "a // b" string.quoted.double, // c comment.line.double-slash',
  ],
  ["train: 80%", "train variable.parameter, : punctuation.separator, 80 constant.numeric, % keyword.other.unit"],
  ["weights: 4bitsym", "weights variable.parameter, : punctuation.separator"],
  [
    "-> dense(10 epochs)",
    "-> keyword.operator.arrow, dense entity.name.function, ( punctuation.section.begin, 10 constant.numeric, epochs keyword.other.unit, ) punctuation.section.end",
  ],
])("%s", (line, expected) => expect(colored(line)).toBe(expected));

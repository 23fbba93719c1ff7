import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasErrors, type Diagnostic } from "./diagnostic.js";
import { format } from "./format.js";
import { renderDiagnostics } from "./frame.js";
import { parse } from "./parse.js";
import { printFile } from "./print.js";
import type { Span } from "./source.js";
import { lexer } from "./tokens.js";

/** Texts for each property; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 700);

const folder = join(import.meta.dirname, "cases");
const read = (suite: string, extension: string) =>
  readdirSync(join(folder, suite))
    .filter((file) => file.endsWith(extension))
    .map((file) => readFileSync(join(folder, suite, file), "utf8"));

const valid = read("parse", ".bnm");
const corpus = [...valid, ...read("format", ".in.bnm"), ...read("recover", ".bnm")];

/** The tokens and comments of a text, in order. */
function piecesOf(text: string): readonly string[] {
  const { tokens, groups } = lexer.tokenize(text);
  return [...tokens, ...(groups["comments"] ?? [])]
    .sort((a, b) => a.startOffset - b.startOffset)
    .map((each) => each.image + (each.image.startsWith("//") ? "\n" : ""));
}

const vocabulary = [...new Set(corpus.flatMap(piecesOf))];

/** A text of the corpus in which some pieces were removed, repeated, exchanged or replaced by pieces from anywhere. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...vocabulary, ""), fc.constantFrom("replace", "insert", "swap")), { maxLength: 6 }),
  )
  .map(([text, edits]) => {
    const pieces = [...piecesOf(text)];
    for (const [at, piece, kind] of edits) {
      const index = pieces.length === 0 ? 0 : at % pieces.length;
      if (kind === "replace") pieces[index] = piece;
      else if (kind === "insert") pieces.splice(index, 0, piece);
      else if (index + 1 < pieces.length) [pieces[index], pieces[index + 1]] = [pieces[index + 1]!, pieces[index]!];
    }
    return pieces.join(" ");
  });

/** A text of the corpus with some characters exchanged. */
const scribbled = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(..."{}()[]\"'/-:=,\n\\"))), {
      maxLength: 5,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [place, removed, added]) => splice(current, place % (current.length + 1), removed, added), text),
  );

function splice(text: string, at: number, removed: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at + removed);
}

/** A valid text with other space and comments between its tokens; the tokens and the documentation stay. */
const respaced = fc
  .tuple(
    fc.constantFrom(...valid),
    fc.array(
      fc.constantFrom(
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\n\n\n  ",
        " // remark\n",
        "\n// remark\n",
        "\n\n// remark\n\n",
        " /// stray\n",
        "\n/// doc\n",
        " //\n",
      ),
      { minLength: 40, maxLength: 40 },
    ),
  )
  .map(([text, gaps]) =>
    lexer
      .tokenize(text)
      .tokens.map(({ image }, index) => image + gaps[(index * 7) % gaps.length]!)
      .join(""),
  );

function parseText(text: string) {
  return parse({ path: "fuzz.bnm", text });
}

function checkSpan({ source, start, end }: Span, within?: Span): void {
  const isPlace = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= source.text.length;
  const isInside = within === undefined || (within.start <= start && end <= within.end);
  if (!isPlace || !isInside) throw new Error(`${start}..${end} is no place in ${within?.start ?? 0}..${within?.end ?? source.text.length}`);
}

/** Every span in a tree is a place in the text and lies within that of its parent. */
function checkSpans(node: unknown, within?: Span): void {
  if (typeof node !== "object" || node === null) return;
  const span = "span" in node ? (node.span as Span) : within;
  if (span !== undefined && span !== within) checkSpan(span, within);
  for (const [key, child] of Object.entries(node)) if (key !== "span" && key !== "source" && key !== "comments") checkSpans(child, span);
}

function checkDiagnostic(diagnostic: Diagnostic): void {
  for (const { span } of [diagnostic.at, ...diagnostic.related, ...(diagnostic.fix ? [diagnostic.fix] : [])]) checkSpan(span);
}

/** Whatever the text: a tree, places inside the text, and a formatter that keeps the meaning and settles at once. */
function checkText(text: string): void {
  const { value, diagnostics } = parseText(text);
  diagnostics.forEach(checkDiagnostic);
  expect(
    diagnostics.filter(({ message }) => message.startsWith("expected something else")),
    "the grammar got stuck",
  ).toEqual([]);
  checkSpans(value);
  renderDiagnostics(diagnostics, { color: false });
  if (hasErrors(diagnostics)) return;
  const once = format(value);
  const again = parseText(once);
  expect(hasErrors(again.diagnostics), once).toBe(false);
  expect(printFile(again.value, { places: false })).toBe(printFile(value, { places: false }));
  expect(format(again.value)).toBe(once);
}

test("mutated token streams", () => fc.assert(fc.property(mutated, checkText), { numRuns }));

test("a word that only a stray character parts from a number", () => checkText("model m { kernel: 4\\bits }"));

test("scribbled texts", () => fc.assert(fc.property(scribbled, checkText), { numRuns }));

test("space and comments between tokens", () =>
  fc.assert(
    fc.property(respaced, (text) => {
      expect(parseText(text).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      checkText(text);
    }),
    { numRuns },
  ));

test("arbitrary characters", () => fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), checkText), { numRuns }));

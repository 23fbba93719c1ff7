import { describe, expect, test } from "vitest";
import type { Diagnostic, Label } from "./diagnostic.js";
import { renderDiagnostic, renderDiagnostics } from "./frame.js";
import type { SourceFile } from "./source.js";

const model: SourceFile = { path: "models/cnn.bnm", text: "model cnn {\n  -> flatten\n  -> dwconv(kernel: 3)\n}\n" };

/** The place of a text in a file. */
function at(source: SourceFile, words: string, text?: string): Label {
  const start = source.text.indexOf(words);
  const span = { source, start, end: start + words.length };
  return text === undefined ? { span } : { span, text };
}

function diagnostic(parts: Partial<Diagnostic> & Pick<Diagnostic, "at">): Diagnostic {
  return { code: "some-code", severity: "error", message: "something is wrong", related: [], notes: [], ...parts };
}

function picture(parts: Partial<Diagnostic> & Pick<Diagnostic, "at">, width?: number): string {
  return `\n${renderDiagnostic(diagnostic(parts), { color: false, ...(width === undefined ? {} : { width }) })}\n`;
}

describe("renderDiagnostic", () => {
  test("shows the place, the others involved, and what to do", () => {
    expect(
      picture({
        code: "shape-mismatch",
        message: "dwconv needs [height, width, channels], but its input is [256]",
        at: at(model, "dwconv", "expects an image"),
        related: [at(model, "flatten", "turns [2, 2, 64] into [256]")],
        help: "put `dwconv` before `flatten`",
      }),
    ).toBe(`
error[shape-mismatch]: dwconv needs [height, width, channels], but its input is [256]
  ┌─ models/cnn.bnm:3:6
  │
2 │   -> flatten
  │      ─────── turns [2, 2, 64] into [256]
3 │   -> dwconv(kernel: 3)
  │      ^^^^^^ expects an image
  │
  = help: put \`dwconv\` before \`flatten\`
`);
  });

  test("labels of one line hang below each other, the last beside its sign", () => {
    const related = [at(model, "kernel", "a name"), at(model, "3", "a value")];
    expect(picture({ at: at(model, "dwconv", "a layer"), related })).toBe(`
error[some-code]: something is wrong
  ┌─ models/cnn.bnm:3:6
  │
3 │   -> dwconv(kernel: 3)
  │      ^^^^^^ ──────  ─ a value
  │      │      ╰ a name
  │      ╰ a layer
`);
  });

  test("a span of several lines is marked where it begins and where it ends", () => {
    expect(picture({ at: at(model, model.text.trimEnd(), "all of this"), notes: ["a note"] })).toBe(`
error[some-code]: something is wrong
  ┌─ models/cnn.bnm:1:1
  │
1 │ model cnn {
  │ ^^^^^^^^^^^
  ⋮
4 │ }
  │ ^ all of this
  │
  = note: a note
`);
  });

  test("other files follow, with a gutter for the longest number", () => {
    const library: SourceFile = { path: "lib/digits.bnm", text: `${"\n".repeat(99)}dataset digits {}` };
    expect(picture({ at: at(model, "cnn"), related: [at(library, "digits", "defined here")] })).toBe(`
error[some-code]: something is wrong
    ┌─ models/cnn.bnm:1:7
    │
  1 │ model cnn {
    │       ^^^
    ├─ lib/digits.bnm:100:9
    │
100 │ dataset digits {}
    │         ────── defined here
`);
  });

  test("tabs, wide and combining characters keep the signs below what they mark", () => {
    const source: SourceFile = { path: "a.bnm", text: '\tx: "日本 e\u0301 👍" wrong' };
    expect(picture({ at: at(source, "wrong"), related: [at(source, "x")] })).toBe(`
error[some-code]: something is wrong
  ┌─ a.bnm:1:16
  │
1 │     x: "日本 e\u0301 👍" wrong
  │     ─              ^^^^^
`);
  });

  test("control characters are shown, never sent", () => {
    const source: SourceFile = { path: "a.bnm", text: "x \u001b[31m \u202e y" };
    expect(picture({ at: at(source, "y") })).toContain("x ␛[31m � y");
  });

  test("a place at the end of the text is marked behind it", () => {
    const source: SourceFile = { path: "a.bnm", text: "param x =" };
    expect(picture({ at: { span: { source, start: 9, end: 9 } } })).toBe(`
error[some-code]: something is wrong
  ┌─ a.bnm:1:10
  │
1 │ param x =
  │          ^
`);
  });

  test("a fix is shown as the lines it would leave", () => {
    const { span } = at(model, " {\n  -> flatten");
    expect(picture({ at: at(model, "cnn"), fix: { span, text: " {\n  norm: rms\n\n  flatten" } })).toBe(`
error[some-code]: something is wrong
  ┌─ models/cnn.bnm:1:7
  │
1 │ model cnn {
  │       ^^^
  │
1 + model cnn {
2 +   norm: rms
3 +
4 +   flatten
`);
  });

  test("long lines are cut around the place, long notes are wrapped", () => {
    const source: SourceFile = { path: "a.bnm", text: `param x = [${"1, ".repeat(60)}wrong, ${"2, ".repeat(60)}]` };
    const text = picture({ at: at(source, "wrong", "this one"), notes: ["words ".repeat(20).trim()] }, 60);
    expect(text).toBe(`
error[some-code]: something is wrong
  ┌─ a.bnm:1:192
  │
1 │ …1, 1, 1, 1, 1, 1, wrong, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,…
  │                    ^^^^^ this one
  │
  = note: words words words words words words words words
          words words words words words words words words
          words words words words
`);
  });

  test("colors come and go with the option", () => {
    const parts = diagnostic({ at: at(model, "dwconv", "expects an image"), help: "do this" });
    const colored = renderDiagnostic(parts, { color: true });
    expect(colored).toContain("\u001b[1;31m");
    expect(colored.replace(/\u001b\[[\d;]*m/g, "")).toBe(renderDiagnostic(parts, { color: false }));
  });
});

describe("renderDiagnostics", () => {
  test("sorts by place, says everything once, and counts", () => {
    const [first, second] = [at(model, "flatten"), at(model, "dwconv")];
    const list = [
      diagnostic({ at: second }),
      diagnostic({ at: first, severity: "warning" }),
      diagnostic({ at: second }),
      diagnostic({ at: second, code: "other" }),
    ];
    const text = renderDiagnostics(list, { color: false });
    expect(text.match(/^(error|warning)\[.*\]|\d:\d+$/gm)).toEqual([
      "warning[some-code]",
      "2:6",
      "error[some-code]",
      "3:6",
      "error[other]",
      "3:6",
    ]);
    expect(text.endsWith("\n\n2 errors, 1 warning\n")).toBe(true);
  });

  test("says nothing about nothing", () => expect(renderDiagnostics([], { color: false })).toBe(""));
});

import type { Diagnostic, Label, TextEdit } from "./diagnostic.js";
import { cellsOf, columnAt, wrap } from "./display.js";
import { snippet, type Mark } from "./snippet.js";
import { lineText, positionAt, type SourceFile } from "./source.js";

export interface RenderOptions {
  /** Whether to paint with ANSI escapes. */
  readonly color: boolean;
  /** Columns of the terminal: notes are wrapped and long source lines are cut to it. 100 when absent. */
  readonly width?: number;
}

const defaultWidth = 100;

/** Code units of a line that are worth laying out. */
const longestLine = 4000;

/** What a part of the picture is, for its color. */
export type Role = "error" | "warning" | "related" | "frame" | "help" | "title";

const codes: Readonly<Record<Role, string>> = { error: "1;31", warning: "1;33", related: "36", frame: "34", help: "32", title: "1" };

export type Paint = (role: Role, text: string) => string;

/** One diagnostic as a picture of the source with its labels, then notes, help and the suggested fix; no final newline. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint: Paint = (role, text) => (options.color && text !== "" ? `\u001b[${codes[role]}m${text}\u001b[0m` : text);
  const width = options.width ?? defaultWidth;
  const groups = groupBySource(diagnostic);
  const gutter = String(
    Math.max(...groups.flatMap(({ marks }) => marks.map((mark) => positionAt(mark.span.source, mark.span.end).line))),
  ).length;
  const margin = " ".repeat(gutter);
  const lines = [`${paint(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)}${paint("title", `: ${diagnostic.message}`)}`];
  groups.forEach(({ source, marks }, index) => {
    const { line, column } = positionAt(source, marks[0]!.span.start);
    lines.push(`${margin} ${paint("frame", index === 0 ? "┌─" : "├─")} ${source.path}:${line}:${column}`);
    lines.push(`${margin} ${paint("frame", "│")}`, ...snippet(source, marks, { gutter, width, paint }));
  });
  const remarks = [
    ...diagnostic.notes.map((note) => ["note", note] as const),
    ...(diagnostic.help === undefined ? [] : [["help", diagnostic.help] as const]),
  ];
  if (remarks.length > 0 || diagnostic.fix) lines.push(`${margin} ${paint("frame", "│")}`);
  for (const [kind, text] of remarks) {
    const [first, ...rest] = wrap(text, Math.max(20, width - gutter - 9));
    lines.push(
      `${margin} ${paint("frame", "=")} ${paint("help", `${kind}:`)} ${first}`,
      ...rest.map((line) => `${margin}         ${line}`),
    );
  }
  if (diagnostic.fix) lines.push(...suggestion(diagnostic.fix, gutter, width, paint));
  return lines.join("\n");
}

/** How many diagnostics are drawn: nobody reads more at a time, and the next ones often follow from the first. */
const mostDrawn = 50;

/**
 * All diagnostics in the order of their places, each once, and a summary such as `2 errors, 1 warning`; "" when there are none.
 * Beyond the first 50 they are only counted.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const distinct = new Map(diagnostics.map((each) => [identity(each), each]));
  const sorted = [...distinct.values()].sort(byPlace);
  if (sorted.length === 0) return "";
  const drawn = sorted.slice(0, mostDrawn);
  const more = sorted.length > mostDrawn ? `; the first ${mostDrawn} are shown` : "";
  return [...drawn.map((each) => renderDiagnostic(each, options)), `${summary(sorted)}${more}`].join("\n\n") + "\n";
}

/** `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const counted = (["error", "warning"] as const).map((severity) => {
    const count = diagnostics.filter((each) => each.severity === severity).length;
    return count === 0 ? "" : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counted.filter((each) => each !== "").join(", ");
}

function identity({ code, message, at }: Diagnostic): string {
  return [code, at.span.source.path, at.span.start, at.span.end, message].join("\n");
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.at.span, b.at.span];
  if (left.source.path !== right.source.path) return left.source.path < right.source.path ? -1 : 1;
  return left.start - right.start || left.end - right.end;
}

interface Group {
  readonly source: SourceFile;
  readonly marks: readonly Mark[];
}

/** The labels of each file; the file and the label that the diagnostic is about come first. */
function groupBySource({ severity, at, related }: Diagnostic): readonly Group[] {
  const groups = new Map<SourceFile, Mark[]>();
  const add = (label: Label, role: Mark["role"]) => {
    const marks = groups.get(label.span.source) ?? [];
    groups.set(label.span.source, marks);
    marks.push({ span: label.span, text: label.text ?? "", role });
  };
  add(at, severity);
  for (const label of related) add(label, "related");
  return [...groups].map(([source, marks]) => ({ source, marks }));
}

/** The lines that a fix changes, as they read afterwards. */
function suggestion(fix: TextEdit, gutter: number, width: number, paint: Paint): readonly string[] {
  const { source, start, end } = fix.span;
  const first = positionAt(source, start);
  const last = positionAt(source, end);
  // A line is cut to the width below; of one that is far longer the far ends are never looked at.
  const before = lineText(source, first.line)
    .slice(0, first.column - 1)
    .slice(0, longestLine);
  const after = lineText(source, last.line)
    .slice(last.column - 1)
    .slice(0, longestLine);
  const lines = `${before}${fix.text}${after}`.split("\n");
  return lines.map((line, index) => {
    const cells = cellsOf(line);
    const shown = cells.filter((cell) => columnAt(cells, cell.offset) < width - gutter - 4);
    const text = shown.map((cell) => cell.text).join("") + (shown.length < cells.length ? "…" : "");
    return `${paint("frame", String(first.line + index).padStart(gutter))} ${paint("help", "+")} ${paint("help", text.trimEnd())}`.trimEnd();
  });
}

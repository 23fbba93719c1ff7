import type { Body, Claim, Declaration, Deploy, Expression, File, Setting, Stage, Train } from "./ast.js";
import { textWidth } from "./display.js";
import { flatExpression, rank } from "./flat.js";
import { formatPipeline, formatValue } from "./format-value.js";
import { createPage, indentation, type Page } from "./page.js";
import { unitOf } from "./units.js";

/**
 * The one canonical layout of a file without syntax errors. It keeps every comment, line breaks before arrows and
 * single blank lines; everything else follows from the tree, so formatting twice changes nothing.
 */
export function format(file: File): string {
  const page = createPage(file.source, file.comments);
  const groups = runs(file.declarations, (first, second) => areTogether(page, first, second));
  groups.forEach((group, index) => {
    const nameWidth = Math.max(...group.map((each) => (each.kind === "param" ? each.name.text.length : 0)));
    group.forEach((declaration, position) => {
      page.begin(declaration.span.start, { indent: 0, blank: index > 0 && position === 0 ? "force" : "keep" });
      formatDeclaration(page, declaration, nameWidth);
    });
  });
  return page.finish();
}

/** Whether two declarations stand on neighbouring lines: only those of one line do, and only if the writer wants it. */
function areTogether(page: Page, first: Declaration, second: Declaration): boolean {
  const areLines = first.kind === second.kind && (first.kind === "use" || first.kind === "param");
  return areLines && !page.isParted(second.span.start) && !page.hasCommentIn(first.span);
}

function formatDeclaration(page: Page, declaration: Declaration, nameWidth: number): void {
  switch (declaration.kind) {
    case "use":
      page.write(`use ${declaration.names.map((name) => name.text).join(", ")} from ${flatExpression(declaration.path)}`);
      break;
    case "param":
      page.write(`param ${declaration.name.text.padEnd(nameWidth)} = `);
      formatValue(page, declaration.value, 0);
      break;
    case "block": {
      const parameters = declaration.parameters.map((name) => name.text).join(", ");
      page.write(`block ${declaration.name.text}${parameters === "" ? "" : `(${parameters})`}`);
      formatBody(page, declaration.body, 0);
      break;
    }
    case "model":
      page.write(`model ${declaration.name.text}`);
      formatBody(page, declaration.body, 0);
      break;
    case "dataset":
      page.write(`dataset ${declaration.name.text}`);
      formatClauses(page, { ...declaration, claims: [] });
      break;
    case "train":
      page.write(`train ${declaration.model.text} on ${declaration.dataset.text}`);
      formatClauses(page, declaration);
      break;
    case "deploy":
      page.write(`deploy ${declaration.model.text} to ${declaration.targets.map((name) => name.text).join(", ")}`);
      formatClauses(page, declaration);
      break;
  }
}

/** Settings, a blank line, the pipeline; `indent` is that of the line with the opening brace. */
export function formatBody(page: Page, body: Body, indent: number): void {
  const inner = indent + indentation;
  page.write(" {");
  const [first] = body.pipeline.stages;
  formatItems(page, body.settings, inner, first);
  if (first) {
    page.begin(first.span.start, { indent: inner, blank: body.settings.length > 0 ? "force" : "keep" });
    formatPipeline(page, body.pipeline.stages, { indent: inner, isBody: true });
  }
  closeBody(page, body.span.end, indent);
}

/** The body of a declaration that has no pipeline. */
function formatClauses(page: Page, { span, settings, claims }: Pick<Train | Deploy, "span" | "settings" | "claims">): void {
  page.write(" {");
  const items = [...settings, ...claims].sort((a, b) => a.span.start - b.span.start);
  if (items.length === 0 && !page.hasCommentIn(span)) page.write("}");
  else {
    formatItems(page, items, indentation);
    closeBody(page, span.end, 0);
  }
}

function closeBody(page: Page, end: number, indent: number): void {
  page.begin(end - 1, { indent, commentIndent: indent + indentation, blank: "drop" });
  page.write("}");
}

/** Settings and claims, aligned among neighbours; `next` is the stage that follows. */
function formatItems(page: Page, items: readonly (Setting | Claim)[], indent: number, next?: Stage): void {
  const areNeighbours = (first: Setting | Claim, second: Setting | Claim) =>
    first.kind === second.kind && !page.isParted(second.span.start);
  for (const run of runs(items, areNeighbours)) {
    const settings = run.filter((each) => each.kind === "setting");
    const claims = run.filter((each) => each.kind === "claim");
    formatSettings(page, settings, indent, run.at(-1) === items.at(-1) ? next : undefined);
    formatClaims(page, claims, indent);
  }
}

function formatSettings(page: Page, settings: readonly Setting[], indent: number, next: Stage | undefined): void {
  const width = Math.max(...settings.map(({ name }) => name.text.length)) + 1;
  for (const { name, value, span } of settings) {
    page.begin(span.start, { indent });
    page.write(`${`${name.text}:`.padEnd(width)} `);
    const isLast = value === settings.at(-1)?.value;
    if (isLast && next !== undefined && wouldBeUnit(next) && endsInNumber(value)) page.write(`(${flatExpression(value)})`);
    else formatValue(page, value, indent);
  }
}

/** Newlines mean nothing: a stage named like a unit would be that of a number before it, were there no brackets. */
const wouldBeUnit = (stage: Stage): boolean => stage.kind === "apply" && unitOf(stage.callee.text) !== undefined;

const endsInNumber = (value: Expression): boolean => /(?<![\w.])\d[\d.]*$/.test(flatExpression(value));

/** The comparisons of neighbouring claims of one mode stand below each other. */
function formatClaims(page: Page, claims: readonly Claim[], indent: number): void {
  const modeWidth = Math.max(...claims.map(({ mode }) => mode.length));
  for (const run of runs(claims, (first, second) => first.mode === second.mode)) {
    const subjects = run.map(({ subject }) => flatExpression(subject, rank.sum));
    const subjectWidth = Math.max(...subjects.map(textWidth));
    run.forEach(({ mode, comparison, bound, span }, index) => {
      const subject = subjects[index]!;
      page.begin(span.start, { indent });
      page.write(
        `${mode.padEnd(modeWidth)} ${subject}${" ".repeat(subjectWidth - textWidth(subject))} ${comparison} ${flatExpression(bound, rank.sum)}`,
      );
    });
  }
}

/** Splits a list between neighbours that do not belong together. */
function runs<T>(items: readonly T[], belongTogether: (first: T, second: T) => boolean): readonly (readonly T[])[] {
  const result: T[][] = [];
  items.forEach((item, index) => {
    if (index > 0 && belongTogether(items[index - 1]!, item)) result.at(-1)!.push(item);
    else result.push([item]);
  });
  return result;
}

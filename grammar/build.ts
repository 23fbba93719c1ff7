import type { CstElement, CstNode, IToken } from "./chevrotain.js";
import type { Block, Comment, Dataset, Declaration, Deploy, File, Model, Name, Param, Text, Train, Use } from "./ast.js";
import { buildBody, buildContents } from "./build-body.js";
import { buildName, missingName } from "./build-name.js";
import { buildText, buildValue } from "./build-value.js";
import { after, child, childToken, inOrder, isNode, isToken, lastWord, shown, shownSpan, spanOf, type Reading } from "./cst.js";
import type { Checked, Diagnostic } from "./diagnostic.js";
import { attributeDocs } from "./docs.js";
import { problem } from "./messages.js";
import { reportSkipped, separated } from "./slips.js";
import { spanText, type SourceFile } from "./source.js";
import { declarationWords } from "./tokens.js";

/**
 * Concrete syntax → tree. Saves whatever has been understood and reports what has been forgotten or put in the
 * wrong place; where a name or value is missing, an empty one stands at the place where it was expected.
 */
export function buildFile(source: SourceFile, root: CstNode, comments: readonly Comment[]): Checked<File> {
  const diagnostics: Diagnostic[] = [];
  const reading: Reading = { source, report: (...problemArguments) => void diagnostics.push(problem(...problemArguments)) };
  const nodes = inOrder(root) as readonly CstNode[];
  const skipped = nodes.filter((node) => isNode(node, "skipped"));
  const written = nodes.filter((node) => !isNode(node, "skipped"));
  for (const node of skipped) reportSkipped(reading, node, "a declaration", `declarations begin with ${declarationWords.join(", ")}`);
  const starts = written.map((node) => spanOf(reading, node).start);
  const docs = attributeDocs(source, comments, starts);
  for (const { span } of docs.stray) {
    reading.report(
      "stray-doc",
      span,
      {},
      { help: "put it directly above a declaration, or write `//`", fix: { span: { ...span, end: span.start + 3 }, text: "//" } },
    );
  }
  const declarations = written.map((node, index) => buildDeclaration(reading, node, docs.declarations[index]!));
  return { value: { source, doc: docs.file, declarations, comments }, diagnostics };
}

type Builder = (reading: Reading, node: CstNode, doc: string) => Declaration;

const builders: Readonly<Record<string, Builder>> = {
  use: buildUse,
  param: buildParam,
  block: buildBlock,
  dataset: buildDataset,
  model: buildModel,
  train: buildTrain,
  deploy: buildDeploy,
};

function buildDeclaration(reading: Reading, node: CstNode, doc: string): Declaration {
  return builders[node.name]!(reading, node, doc);
}

function buildUse(reading: Reading, node: CstNode, doc: string): Use {
  const word = childToken(node, "Use")!;
  const names = buildNames(reading, child(node, "names"));
  const last = child(node, "names") ?? word;
  if (names.length === 0) missing(reading, word, "a name");
  const from = childToken(node, "From");
  if (from === undefined) missing(reading, lastOf(word, last), "`from`");
  const written = childToken(node, "String");
  const skipped = child(node, "skipped");
  const path = written
    ? buildText(reading, written)
    : skipped
      ? unquotedPath(reading, skipped)
      : missingPath(reading, from, lastOf(word, last));
  return { kind: "use", names, path, doc, span: spanOf(reading, node) };
}

/** A path without quotes; what follows on further lines is another matter. */
function unquotedPath(reading: Reading, skipped: CstNode): Text {
  const whole = spanOf(reading, skipped);
  const [value] = /^\S*/.exec(spanText(whole))!;
  const span = { ...whole, end: whole.start + value.length };
  const values = { expected: "a path in quotes", found: shownSpan(span) };
  reading.report("unexpected-token", span, values, { fix: { span, text: `"${value}"` } });
  return { kind: "text", value, span };
}

/** No path; reported only behind `from`, whose own absence has been reported otherwise. */
function missingPath(reading: Reading, from: IToken | undefined, previous: CstElement): Text {
  if (from !== undefined) missing(reading, from, "a path in quotes");
  return { kind: "text", value: "", span: after(reading, from ?? previous) };
}

function buildParam(reading: Reading, node: CstNode, doc: string): Param {
  const word = childToken(node, "Param")!;
  const name = buildSubject(reading, node, word);
  const assign = child(node, "assign");
  const previous = assign ?? lastOf(word, child(node, "subject"));
  if (assign === undefined) missing(reading, previous, "`=`");
  const colon = assign && childToken(assign, "Colon");
  if (colon) {
    const span = spanOf(reading, colon);
    reading.report("colon-for-equals", span, {}, { fix: { span: { ...span, start: name.span.end }, text: " =" } });
  }
  const value = child(node, "value");
  if (assign === undefined && value === undefined) {
    return { kind: "param", name, value: { kind: "word", text: "", span: after(reading, previous) }, doc, span: spanOf(reading, node) };
  }
  return { kind: "param", name, value: buildValue(reading, value, previous), doc, span: spanOf(reading, node) };
}

function buildBlock(reading: Reading, node: CstNode, doc: string): Block {
  const name = buildSubject(reading, node, childToken(node, "Block")!);
  const list = child(node, "parameters");
  const inner = inOrder(list).slice(1, -1);
  const parameters = separated(reading, inner, "a name", { mayEndWithComma: true }).map((each) => buildName(reading, each as IToken));
  return { kind: "block", name, parameters, body: buildBody(reading, node, "a block"), doc, span: spanOf(reading, node) };
}

function buildModel(reading: Reading, node: CstNode, doc: string): Model {
  const name = buildSubject(reading, node, childToken(node, "Model")!);
  return { kind: "model", name, body: buildBody(reading, node, "a model"), doc, span: spanOf(reading, node) };
}

function buildDataset(reading: Reading, node: CstNode, doc: string): Dataset {
  const name = buildSubject(reading, node, childToken(node, "Dataset")!);
  const { settings } = buildContents(reading, node, { owner: "a dataset", pipeline: false, claims: false });
  return { kind: "dataset", name, settings, doc, span: spanOf(reading, node) };
}

function buildTrain(reading: Reading, node: CstNode, doc: string): Train {
  const word = childToken(node, "Train")!;
  const model = buildSubject(reading, node, word);
  const [dataset, ...surplus] = buildLinked(reading, node, { word, link: childToken(node, "On"), spelling: "`on`", names: "a dataset" });
  for (const { span, text } of surplus) reading.report("unexpected-token", span, { expected: "one dataset", found: `\`${text}\`` });
  const { settings, claims } = buildContents(reading, node, { owner: "a training", pipeline: false, claims: true });
  return { kind: "train", model, dataset, settings, claims, doc, span: spanOf(reading, node) };
}

function buildDeploy(reading: Reading, node: CstNode, doc: string): Deploy {
  const word = childToken(node, "Deploy")!;
  const model = buildSubject(reading, node, word);
  const targets = buildLinked(reading, node, { word, link: childToken(node, "To"), spelling: "`to`", names: "a target" });
  const { settings, claims } = buildContents(reading, node, { owner: "a deployment", pipeline: false, claims: true });
  return { kind: "deploy", model, targets, settings, claims, doc, span: spanOf(reading, node) };
}

/** How a declaration is linked with what it is about: by `on` or `to`, perhaps forgotten. */
interface Link {
  readonly word: IToken;
  readonly link: IToken | undefined;
  readonly spelling: string;
  readonly names: string;
}

/** The names behind `on` or `to`; at least one, though perhaps an empty one. */
function buildLinked(reading: Reading, node: CstNode, { word, link, spelling, names: kind }: Link): readonly [Name, ...Name[]] {
  const previous = link ?? lastOf(word, child(node, "subject"));
  const [first, ...rest] = buildNames(reading, child(node, "names"));
  if (link === undefined) missing(reading, previous, first ? spelling : `${spelling} and the name of ${kind}`);
  else if (first === undefined) missing(reading, link, `the name of ${kind}`);
  return [first ?? missingName(after(reading, previous)), ...rest];
}

function buildNames(reading: Reading, node: CstNode | undefined): readonly Name[] {
  return separated(reading, inOrder(node), "a name", { mayEndWithComma: false }).map((each) => buildName(reading, each as IToken));
}

/** The name of what is declared. */
function buildSubject(reading: Reading, node: CstNode, word: IToken): Name {
  const written = child(node, "subject")?.children["Name"]?.[0];
  if (written !== undefined && isToken(written)) return buildName(reading, written);
  missing(reading, word, "a name");
  return missingName(after(reading, word));
}

function missing(reading: Reading, previous: CstElement, expected: string): void {
  reading.report("missing-token", after(reading, previous), {
    expected,
    after: isToken(previous) ? shown(reading, previous) : lastWord(reading, previous),
  });
}

/** The node if anything was written in it, else the word before it. */
function lastOf(word: IToken, node: CstElement | undefined): CstElement {
  return node !== undefined && inOrder(node as CstNode).length > 0 ? node : word;
}

import { type Document, isMap, isNode, isScalar, parseDocument } from "yaml";
import type { Checked, Diagnostic } from "#grammar/diagnostic.js";
import type { SourceFile, Span } from "#grammar/source.js";
import { suggest } from "#grammar/suggest.js";
import { unitOf } from "#grammar/units.js";
import type { Target } from "../ir/target.js";
import { problem } from "./messages.js";

/** Reads mcu/<name>/target.yaml; there is no target when something in it is wrong. */
export function parseTarget(name: string, source: SourceFile): Checked<Target | undefined> {
  const document = parseDocument(source.text);
  const syntax = document.errors.map(({ message, pos }) =>
    problem("malformed-target", { source, start: pos[0], end: pos[1] }, { message: message.split(/ at line|:?\n/)[0]! }),
  );
  if (syntax.length > 0) return { value: undefined, diagnostics: syntax };
  const file: File = { source, document, found: checkKeys(source, document) };

  const summary = required(file, ["summary"], aText);
  const core = required(file, ["core"], aText);
  const multiplies = required(file, ["multiplies"], aTruth);
  const flash = present(file, ["memory"]) ? required(file, ["memory", "flash"], aSize) : undefined;
  const ram = present(file, ["memory"]) ? required(file, ["memory", "ram"], aSize) : undefined;
  const clockHz = present(file, ["clock"]) ? required(file, ["clock"], aFrequency) : undefined;
  const compilers = required(file, ["compiler", "names"], aListOfTexts);
  const flags = required(file, ["compiler", "flags"], aListOfTexts);
  const install = required(file, ["compiler", "install"], aText);
  if (file.found.length > 0) return { value: undefined, diagnostics: file.found };
  const memory = flash === undefined ? {} : { memory: { flash, ram: ram! } };
  const clock = clockHz === undefined ? {} : { clockHz };
  const compiler = { compilers: compilers!, flags: flags!, install: install! };
  return { value: { name, summary: summary!, core: core!, multiplies: multiplies!, ...memory, ...clock, ...compiler }, diagnostics: [] };
}

interface File {
  readonly source: SourceFile;
  readonly document: Document;
  readonly found: Diagnostic[];
}

type Path = readonly string[];

/** What a field may be: the word for it in messages, and its value when it is that. */
interface Reader<T> {
  readonly expected: string;
  read(value: unknown): T | undefined;
}

const quantity = (dimension: string, expected: string): Reader<number> => ({
  expected,
  read: (value) => {
    const [, digits, text] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(String(value)) ?? [];
    const unit = text === undefined ? undefined : unitOf(text);
    return unit?.dimension === dimension ? Number(digits) * unit.factor : undefined;
  },
});

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const aText: Reader<string> = { expected: "a text", read: (value) => (isText(value) ? value : undefined) };
const aTruth: Reader<boolean> = { expected: "true or false", read: (value) => (typeof value === "boolean" ? value : undefined) };
const aSize = quantity("size", "a size such as `16 KiB`");
const aFrequency = quantity("frequency", "a frequency such as `48 MHz`");
const aListOfTexts: Reader<readonly string[]> = {
  expected: "a list of texts",
  read: (value) => (Array.isArray(value) && value.length > 0 && value.every(isText) ? value : undefined),
};

const present = ({ document }: File, path: Path): boolean => document.hasIn(path);

function required<T>({ source, document, found }: File, path: Path, { expected, read }: Reader<T>): T | undefined {
  const node = document.getIn(path, true);
  const field = path.join(".");
  const values = isNode(node) ? (node.toJS(document) as unknown) : undefined;
  const value = values === undefined || values === null ? undefined : read(values);
  if (value !== undefined) return value;
  const span = spanOf(source, node) ?? spanOf(source, document.getIn(path.slice(0, -1), true)) ?? { source, start: 0, end: 0 };
  found.push(problem("wrong-target-field", span, { field, expected }));
  return undefined;
}

const spanOf = (source: SourceFile, node: unknown): Span | undefined =>
  isNode(node) && node.range ? { source, start: node.range[0], end: node.range[1] } : undefined;

const known: Readonly<Record<string, readonly string[]>> = {
  "": ["summary", "core", "multiplies", "memory", "clock", "compiler"],
  memory: ["flash", "ram"],
  compiler: ["names", "flags", "install"],
};

/** Fields that nothing reads are mistakes, most often misspelt. */
function checkKeys(source: SourceFile, document: Document): Diagnostic[] {
  return Object.entries(known).flatMap(([section, names]) => {
    const map = section === "" ? document.contents : document.get(section, true);
    if (!isMap(map)) return [];
    return map.items.flatMap(({ key }) => {
      const field = String(isScalar(key) ? key.value : key);
      if (names.includes(field)) return [];
      const meant = suggest(field, names);
      const help = meant === undefined ? `known: ${names.join(", ")}` : `did you mean \`${meant}\`?`;
      return [problem("unknown-target-field", spanOf(source, key) ?? { source, start: 0, end: 0 }, { field }, { help })];
    });
  });
}

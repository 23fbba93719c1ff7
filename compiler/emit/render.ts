import Handlebars from "handlebars";
import { partialName, type Templates } from "../ir/emission.js";
import { cStatement, type CSymbol, type Program } from "../riscv/index.js";

/** What the views of functions have for their assembly. */
interface View {
  readonly name: string;
  readonly calls: Readonly<Record<string, string>>;
  readonly own: (name: string, part: string) => string;
  /** Statements that stand in for those of the programs, by what the view calls these. */
  readonly assemblyTexts?: Readonly<Record<string, string>>;
}

/** Throws where there is none for the slot of the program. */
function textFor(view: View, program: Program): string {
  const slot = Object.entries(view).find(([, value]) => value === program)?.[0] ?? "";
  const text = view.assemblyTexts?.[slot];
  if (text === undefined) throw new Error(`assembly of ${view.name} has no text for the slot \`${slot}\``);
  return text;
}

function cName({ name, calls, own }: View, { routine, part }: CSymbol): string {
  const known = routine === undefined ? name : calls[routine];
  if (known === undefined) throw new Error(`assembly of ${name} names ${routine}, which it does not call`);
  return part === undefined ? known : own(known, part);
}

/** Fills one template; the path is below templates/. */
export type Render = (path: string, view: object) => string;

/**
 * Compiles templates on first use, in strict mode: a name that the view does not have is an error, not an empty
 * text. Indenting partials leaves blanks on empty
 * lines; they are cut off.
 */
export function renderer(templates: Templates): Render {
  const handlebars = Handlebars.create();
  handlebars.registerHelper("asm", function (this: View, told: Program) {
    return this.assemblyTexts === undefined ? cStatement(told, (symbol) => cName(this, symbol)) : textFor(this, told);
  });
  for (const [path, text] of templates) {
    const name = partialName(path);
    if (name !== undefined) handlebars.registerPartial(name, handlebars.compile(text, { strict: true, noEscape: true }));
  }
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  return (path, view) => {
    const text = templates.get(path);
    if (text === undefined) throw new Error(`there is no template ${path}`);
    const template = compiled.get(path) ?? handlebars.compile(text, { strict: true, noEscape: true });
    compiled.set(path, template);
    return template(view).replace(/[ \t]+$/gm, "");
  };
}

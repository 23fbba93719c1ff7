import type { DiagnosticDefinition } from "#grammar/diagnostic.js";
import { code, fence, heading, link, page, paragraph, table } from "../markdown.js";

/** A file that causes a message, and how bnmc shows the message for it. */
export interface Example {
  /** Its language: `bnm`, or `yaml` for a target's description and for tunings. */
  readonly language: string;
  readonly text: string;
  readonly shown: string;
}

/** The parts of the compiler that give messages, in the order in which a model meets them. */
export interface MessageGroup {
  readonly title: string;
  readonly table: Readonly<Record<string, DiagnosticDefinition>>;
}

/** The page of the diagnostics: what each says, why, and an example of it. */
export const errorsPage = (groups: readonly MessageGroup[], examples: ReadonlyMap<string, Example>): string =>
  page(
    heading(1, "Messages"),
    paragraph(
      "Every message about a model has a code; `bnmc explain CODE` prints its section. Messages of one run are shown in the order of their places.",
    ),
    table(
      ["Code", "Severity", "Message"],
      groups
        .flatMap(({ table: messages }) => Object.entries(messages))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, definition]) => [link(code(name), `#${name}`), definition.severity, general(definition)]),
    ),
    ...groups.map(({ title, table: messages }) =>
      page(heading(2, title), ...Object.entries(messages).map(([name, definition]) => section(name, definition, examples.get(name)))),
    ),
  );

const section = (name: string, definition: DiagnosticDefinition, example: Example | undefined): string =>
  page(
    heading(3, code(name)),
    paragraph(`**${definition.severity}:** ${general(definition)}`),
    paragraph(definition.why),
    ...(example === undefined ? [] : [fence(example.language, example.text), fence("text", example.shown)]),
  );

/** The message with its holes named. */
const general = ({ message }: DiagnosticDefinition): string =>
  message.fill(Object.fromEntries(message.holes.map((hole) => [hole, `‹${hole}›`])));

import { elaborate } from "#compiler/elaborate/elaborate.js";
import { printModule, printNetwork, printSettings } from "#compiler/ir/print.js";
import type { Module } from "#compiler/ir/module.js";
import { printPlan } from "#compiler/plan/print.js";
import { load } from "#compiler/elaborate/load.js";
import type { Diagnostic } from "#grammar/diagnostic.js";
import { renderDiagnostics } from "#grammar/frame.js";
import { diagnose, plansOf, type World } from "./diagnose.js";

/**
 * A guide whose fenced blocks are held to be true. `bnm` is a file; `bnm more` goes on with it; `bnm error[code]` must
 * give that message, by itself or, as `bnm more error[code]`, at the end of the file so far. A block `text network`,
 * `text settings`, `text module`, `text plan` or `text error` is what bnmc prints about the file before it, and is written anew.
 */
export interface Guide {
  /** The guide with all prints fresh. */
  readonly text: string;
  readonly snippets: readonly Snippet[];
}

export interface Snippet {
  /** Of its opening fence in the guide. */
  readonly line: number;
  /** All of the file that it ends. */
  readonly file: string;
  readonly expected: readonly string[];
  readonly found: readonly Diagnostic[];
}

interface Printed {
  readonly module: Module;
  readonly found: readonly Diagnostic[];
  readonly world: World;
}

const prints: Readonly<Record<string, (printed: Printed) => string>> = {
  network: ({ module }) => module.networks.map(printNetwork).join("\n"),
  settings: ({ module }) => printSettings(module),
  module: ({ module }) => printModule(module),
  plan: ({ module, world }) =>
    plansOf(module, world.targets)
      .flatMap(({ value }) => (value === undefined ? [] : [printPlan(value)]))
      .join("\n"),
  error: ({ found }) => renderDiagnostics(found, { color: false, width: 100 }),
};

/** Runs every block of a guide. */
export function runGuide(text: string, world: World): Guide {
  const snippets: Snippet[] = [];
  let kept = "";
  const fresh = text.replace(
    /^```(bnm|text)( .*)?\n([^]*?)^```$/gm,
    (block: string, language: string, info: string | undefined, body: string, offset: number) => {
      const words = (info ?? "").trim().split(" ");
      if (language === "text") {
        const print = prints[words[0]!];
        const last = snippets.at(-1);
        return print === undefined || last === undefined
          ? block
          : `\`\`\`text ${words[0]}\n${print({ module: meaningOf(last.file, world), found: last.found, world }).trimEnd()}\n\`\`\``;
      }
      const file = words.includes("more") ? `${kept}\n${body}` : body;
      const expected = words.flatMap((word) => /^error\[(.+)\]$/.exec(word)?.[1] ?? []);
      if (expected.length === 0) kept = file;
      snippets.push({
        line: text.slice(0, offset).split("\n").length,
        file,
        expected,
        found: diagnose({ path: "model.bnm", text: file }, world),
      });
      return block;
    },
  );
  return { text: fresh, snippets };
}

const meaningOf = (file: string, { read, targets }: World): Module =>
  elaborate(load("model.bnm", file, read).value, { targets: targets.map(({ name }) => name) }).value;

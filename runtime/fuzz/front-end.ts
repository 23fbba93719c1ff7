import { hasErrors } from "#grammar/diagnostic.js";
import { format } from "#grammar/format.js";
import { parse } from "#grammar/parse.js";
import { elaborate } from "#compiler/elaborate/elaborate.js";
import { load } from "#compiler/elaborate/load.js";
import { plan } from "#compiler/plan/plan.js";
import type { Random } from "#compiler/random.js";
import { loadTarget } from "../targets.js";

const target = loadTarget("ch32v003");

/** What stands between the words of a body. */
const pieces = /[A-Za-z_]\w*|\d+|->|[^\s\w]/g;

/**
 * Takes a model's text through the whole front end and the planner after some of its words were exchanged; what broke, where
 * something did.
 */
export function frontEndFinding(body: string, draw: Random): string | undefined {
  const text = `model net {\n  ${mutatedBody(body, draw)}\n}\n`;
  try {
    const loaded = load("net.bnm", text, () => undefined);
    const { value: module, diagnostics } = elaborate(loaded.value, { targets: [] });
    if (hasErrors([...loaded.diagnostics, ...diagnostics])) return undefined;
    for (const network of module.networks) plan(network, target);
    const formatted = format(loaded.value.root);
    return format(parse({ path: "net.bnm", text: formatted }).value) === formatted
      ? undefined
      : `front end: formatting changes what was formatted:\n${text}`;
  } catch (error) {
    return `front end: ${error instanceof Error ? error.message : String(error)} of\n${text}`;
  }
}

function mutatedBody(body: string, draw: Random): string {
  const words = [...(body.match(pieces) ?? [])];
  for (let edits = 1 + draw.below(4); edits > 0; edits--) {
    const at = draw.below(words.length);
    const other = words[draw.below(words.length)]!;
    const edit = draw.below(4);
    if (edit === 0) words[at] = other;
    else if (edit === 1) words.splice(at, 1);
    else if (edit === 2) words.splice(at, 0, other);
    else if (/^\d+$/.test(words[at]!)) words[at] = String([0, 1, 2, 255, 65_536, 4_294_967_296][draw.below(6)]);
  }
  return words.join(" ");
}

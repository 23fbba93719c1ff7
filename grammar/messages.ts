import { defineDiagnostics, say, type Details, type ValuesOf } from "./diagnostic.js";
import type { Span } from "./source.js";

/** Everything the front end says about text that is not well-formed. */
export const problem = defineDiagnostics({
  // Characters
  "unexpected-character": {
    severity: "error",
    message: say`${"found"} means nothing here`,
    why: "Names consist of ASCII letters, digits and `_`, because they become names in C. Other characters belong into strings and comments.",
  },
  "unterminated-string": {
    severity: "error",
    message: say`this string has no closing quote`,
    why: "A string ends on the line it begins on, so that a forgotten quote costs one line and not the rest of the file.",
  },
  "bad-escape": {
    severity: "error",
    message: say`there is no escape ${"escape"}`,
    why: 'In a string, a backslash starts one of the escapes \\" \\\\ \\n \\t. Paths are written with `/` on every system.',
  },
  "misspelt-symbol": {
    severity: "error",
    message: say`${"found"} is written ${"meant"}`,
    why: "Every symbol has one spelling, so that files look alike and can be searched.",
  },
  "number-out-of-range": {
    severity: "error",
    message: say`${"number"} is too large for a number`,
    why: "Numbers are double-precision; beyond 1.8e308 there are none.",
  },
  "unit-needs-space": {
    severity: "error",
    message: say`${"found"} is a name; with a space it is ${"meant"}`,
    why: "Names may start with a digit, as `4bitsym` does, so a space separates a number from its unit.",
  },

  // Brackets
  "unclosed-bracket": {
    severity: "error",
    message: say`\`${"bracket"}\` is never closed`,
    why: "Brackets come in pairs. Where the other one is missing, the nearest place where it can have been meant is assumed.",
  },
  "unopened-bracket": {
    severity: "error",
    message: say`\`${"bracket"}\` closes nothing`,
    why: "Brackets come in pairs; this one has no partner before it.",
  },
  "wrong-bracket": {
    severity: "error",
    message: say`\`${"open"}\` is closed by \`${"close"}\``,
    why: "`( )` holds arguments, `[ ]` lists and shapes, `{ }` bodies; each closes with its own bracket.",
  },
  "nested-too-deeply": {
    severity: "error",
    message: say`this is nested more than ${"limit"} deep`,
    why: "Nobody reads so many levels; the limit lets every later pass walk the tree without running out of stack.",
  },

  "too-long": {
    severity: "error",
    message: say`this file has more than ${"limit"} tokens and comments`,
    why: "Large models have some hundreds. The limit lets every file be answered at once, also one that is no model at all.",
  },

  // Statements
  "misspelt-keyword": {
    severity: "error",
    message: say`there is no keyword ${"found"}`,
    why: "A file consists of use, param, block, dataset, model, train and deploy; a body may claim with require and expect.",
  },
  "hyphenated-name": {
    severity: "error",
    message: say`names have no hyphens; write \`${"name"}\``,
    why: "`-` subtracts, and names become names in C, which joins words by `_`.",
  },
  "unexpected-token": {
    severity: "error",
    message: say`expected ${"expected"}, found ${"found"}`,
    why: "The text before this is complete, and this can not continue it. It was skipped.",
  },
  "missing-token": {
    severity: "error",
    message: say`expected ${"expected"} after ${"after"}`,
    why: "The statement cannot be parsed without this keyword or symbol.",
  },
  "missing-value": {
    severity: "error",
    message: say`expected a value after ${"after"}`,
    why: "A value is a number, a string, a name, a list, a call such as `cosine(from: 0.001, to: 0)`, or a pipeline.",
  },
  "missing-body": {
    severity: "error",
    message: say`${"declaration"} needs a body`,
    why: "The body in `{ }` holds what a declaration is about; it may be empty where nothing has to be said.",
  },
  "colon-for-equals": {
    severity: "error",
    message: say`a param is defined with \`=\`, not \`:\``,
    why: "`:` sets what exists, `=` defines what is new. Only `param` defines a value.",
  },
  "equals-for-colon": {
    severity: "error",
    message: say`${"name"} is set with \`:\`, not \`=\``,
    why: "`:` sets what exists, `=` defines what is new. Settings and arguments exist already.",
  },
  "missing-colon": {
    severity: "error",
    message: say`there is no \`:\` between ${"name"} and its value`,
    why: "A setting is a name, `:` and a value. Stages are joined by `->`.",
  },
  "missing-comparison": {
    severity: "error",
    message: say`${"mode"} compares with \`<=\`, \`>=\`, \`<\`, \`>\` or \`==\``,
    why: "A claim says what is bounded, in which direction, and by how much.",
  },
  "missing-comma": {
    severity: "error",
    message: say`there is no comma between ${"left"} and ${"right"}`,
    why: "Newlines and spaces mean nothing, so commas separate the items of a list.",
  },
  "extra-comma": {
    severity: "error",
    message: say`this comma separates nothing`,
    why: "A comma stands between two items; only arguments and lists may end with one.",
  },
  "named-item": {
    severity: "error",
    message: say`the items of a list have no names`,
    why: "A list is ordered; names belong to the arguments of a call.",
  },

  // Bodies
  "missing-arrow": {
    severity: "error",
    message: say`there is no \`->\` between ${"left"} and ${"right"}`,
    why: "A body has one pipeline; its stages are joined by `->`.",
  },
  "extra-arrow": {
    severity: "error",
    message: say`this \`->\` has nothing ${"side"} it`,
    why: "`->` applies the stage after it to the value before it.",
  },
  "not-a-stage": {
    severity: "error",
    message: say`${"found"} is not a stage`,
    why: "A pipeline consists of names and calls, such as `relu` and `dense(10)`.",
  },
  "settings-after-pipeline": {
    severity: "error",
    message: say`the setting ${"name"} stands after the pipeline`,
    why: "A body is settings, then one pipeline: settings apply to all stages of the body, wherever they stand, so they stand first.",
  },
  "missing-pipeline": {
    severity: "error",
    message: say`${"declaration"} has no pipeline`,
    why: "Settings say how stages work; without a stage there is nothing they apply to.",
  },
  "pipeline-outside": {
    severity: "error",
    message: say`${"declaration"} has settings${"other"}, no pipeline of its own`,
    why: "Pipelines of layers belong to models, blocks and repeats; a dataset's chains are values of settings such as `samples:`.",
  },
  "claim-outside": {
    severity: "error",
    message: say`${"declaration"} makes no claims`,
    why: "`require` and `expect` hold for a training or a deployment, so they stand in `train` and `deploy`.",
  },

  // Comments
  "stray-doc": {
    severity: "warning",
    message: say`this documents nothing`,
    why: "`///` directly above a declaration documents it, at the top of a file the file. Elsewhere the text would be lost.",
  },
});

type Table = typeof problem.table;

/** Reports one of these problems where it was found. */
export type Report = <Code extends keyof Table & string>(code: Code, span: Span, values: ValuesOf<Table[Code]>, details?: Details) => void;

import type { CstNode, IToken, TokenType } from "./chevrotain.js";
import { BodyRules } from "./parser-body.js";
import { category, token } from "./tokens.js";

/**
 * The grammar: LL(2), no actions. It is wider than the language: where a sign is forgotten or misplaced it reads on
 * (`OPTION` instead of `CONSUME`, `skipped` for what fits nowhere), and `build.ts` says precisely what is wrong.
 * So one slip costs neither its declaration nor the next. It expects balanced brackets; see `repair.ts`.
 */
class Grammar extends BodyRules {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly file = this.RULE("file", () => {
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.use) },
          { ALT: () => this.SUBRULE(this.param) },
          { ALT: () => this.SUBRULE(this.block) },
          { ALT: () => this.SUBRULE(this.dataset) },
          { ALT: () => this.SUBRULE(this.model) },
          { ALT: () => this.SUBRULE(this.train) },
          { ALT: () => this.SUBRULE(this.deploy) },
          { ALT: () => this.SUBRULE(this.skipped, { ARGS: [() => this.startsDeclaration()] }) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
  });

  readonly use = this.RULE("use", () => {
    this.CONSUME(token.Use);
    this.SUBRULE(this.names);
    this.OPTION(() => this.CONSUME(token.From));
    this.OPTION2(() => this.CONSUME(token.String));
    this.OPTION3({ GATE: () => this.isPathUnquoted(), DEF: () => this.SUBRULE(this.skipped, { ARGS: [() => this.isDeclaration()] }) });
  });

  readonly param = this.RULE("param", () => {
    this.CONSUME(token.Param);
    this.SUBRULE(this.subject);
    this.OPTION(() => this.SUBRULE(this.assign));
    this.OPTION2({ GATE: () => !this.isDeclaration(), DEF: () => this.SUBRULE(this.value) });
  });

  readonly block = this.RULE("block", () => {
    this.CONSUME(token.Block);
    this.SUBRULE(this.subject);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.SUBRULE(this.bodyAhead);
  });

  readonly dataset = this.RULE("dataset", () => {
    this.CONSUME(token.Dataset);
    this.SUBRULE(this.subject);
    this.SUBRULE(this.bodyAhead);
  });

  readonly model = this.RULE("model", () => {
    this.CONSUME(token.Model);
    this.SUBRULE(this.subject);
    this.SUBRULE(this.bodyAhead);
  });

  readonly train = this.RULE("train", () => {
    this.CONSUME(token.Train);
    this.SUBRULE(this.subject, { ARGS: [token.On] });
    this.OPTION(() => this.CONSUME(token.On));
    this.SUBRULE(this.names);
    this.SUBRULE(this.bodyAhead);
  });

  readonly deploy = this.RULE("deploy", () => {
    this.CONSUME(token.Deploy);
    this.SUBRULE(this.subject, { ARGS: [token.To] });
    this.OPTION(() => this.CONSUME(token.To));
    this.SUBRULE(this.names);
    this.SUBRULE(this.bodyAhead);
  });

  /** The name of what is declared, unless the next word already belongs to what follows it. */
  readonly subject = this.RULE("subject", (link: TokenType = token.Equals) => {
    const isLink = () => this.isNext(link) && this.isNext(category.Name, 2) && !this.isNext(category.Name, 3);
    this.OPTION({ GATE: () => !isLink() && !this.isDeclaration(), DEF: () => this.CONSUME(category.Name) });
  });

  readonly names = this.RULE("names", () => {
    const isFrom = () => this.isNext(token.From) && !this.isNext(token.Comma, 2) && !this.isNext(token.From, 2);
    this.MANY({
      GATE: () => !isFrom() && !this.isDeclaration(),
      DEF: () => this.OR([{ ALT: () => this.CONSUME(token.Comma) }, { ALT: () => this.CONSUME(category.Name) }]),
    });
  });

  readonly parameters = this.RULE("parameters", () => {
    const stop = () => this.isAny([token.Comma, category.Name, category.Closer]);
    this.CONSUME(token.OpenParen);
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(token.Comma) },
          { ALT: () => this.CONSUME(category.Name) },
          { ALT: () => this.SUBRULE(this.skipped, { ARGS: [stop] }) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
    this.CONSUME(token.CloseParen);
  });
}

/** The rules' names, which are also the names of the nodes of the concrete syntax. */
export type RuleName = { [Key in keyof Grammar]: Grammar[Key] extends (...parameters: never[]) => CstNode ? Key : never }[keyof Grammar];

const parser = new Grammar();

/** The concrete syntax of tokens with balanced brackets, and the tokens at which no rule could go on. */
export function parseTokens(tokens: readonly IToken[]): { readonly root: CstNode; readonly stuck: readonly IToken[] } {
  parser.input = [...tokens];
  const root = parser.file();
  return { root, stuck: parser.errors.map((error) => error.token) };
}

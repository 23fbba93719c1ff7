import { CstParser, EOF, tokenMatcher, type CstNode, type IToken, type TokenType } from "chevrotain";
import { beginsDeclaration } from "./sentences.js";
import { category, token } from "./tokens.js";
import { unitOf } from "./units.js";

type Stop = () => boolean;

/**
 * The grammar: LL(2), no actions. It is wider than the language: where a sign is forgotten or misplaced it reads on
 * (`OPTION` instead of `CONSUME`, `skipped` for what fits nowhere), and `build.ts` says precisely what is wrong.
 * So one slip costs neither its declaration nor the next. It expects balanced brackets; see `repair.ts`.
 */
class BnmParser extends CstParser {
  constructor() {
    super([...Object.values(token), ...Object.values(category)], {
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
    });
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

  // Declarations

  readonly use = this.RULE("use", () => {
    this.CONSUME(token.Use);
    this.SUBRULE(this.names);
    this.OPTION(() => this.CONSUME(token.From));
    this.OPTION2(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(token.String) },
          { GATE: () => !this.isDeclaration(), ALT: () => this.SUBRULE(this.skipped, { ARGS: [() => this.isDeclaration()] }) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
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
    this.CONSUME(token.OpenParen);
    this.MANY(() => {
      this.OR({
        DEF: [
        { ALT: () => this.CONSUME(token.Comma) },
        { ALT: () => this.CONSUME(category.Name) },
        { ALT: () => this.SUBRULE(this.skipped, { ARGS: [() => [token.Comma, category.Name, category.Closer].some((type) => this.isNext(type))] }) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
    this.CONSUME(token.CloseParen);
  });

  // Bodies

  /** A body, perhaps after something that fits nowhere. */
  readonly bodyAhead = this.RULE("bodyAhead", () => {
    const stop = () => this.isNext(token.OpenBrace);
    this.OPTION({ GATE: () => !stop() && this.isBodyAhead(), DEF: () => this.SUBRULE(this.skipped, { ARGS: [stop] }) });
    this.OPTION2(() => this.SUBRULE(this.body));
  });

  readonly body = this.RULE("body", () => {
    this.CONSUME(token.OpenBrace);
    this.MANY(() => this.SUBRULE(this.item));
    this.CONSUME(token.CloseBrace);
  });

  readonly item = this.RULE("item", () => {
    const isSetting = () => this.isNext(token.Colon, 2) || this.isNext(token.Equals, 2) || this.isSettingWithoutColon();
    const isClaim = () => this.isNext(token.Require) || this.isNext(token.Expect);
    const startsItem = () => [category.Name, token.Arrow, category.Closer].some((type) => this.isNext(type));
    this.OR({
      DEF: [
        { GATE: isSetting, ALT: () => this.SUBRULE(this.setting) },
        { GATE: isClaim, ALT: () => this.SUBRULE(this.claim) },
        { ALT: () => this.SUBRULE(this.stage) },
        { ALT: () => this.CONSUME(token.Arrow) },
        { ALT: () => this.SUBRULE(this.skipped, { ARGS: [startsItem] }) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  readonly setting = this.RULE("setting", () => {
    this.CONSUME(category.Name);
    this.OPTION(() => this.SUBRULE(this.assign));
    this.OPTION2({ GATE: () => !this.startsItem(), DEF: () => this.SUBRULE(this.value) });
  });

  readonly claim = this.RULE("claim", () => {
    this.OR([{ ALT: () => this.CONSUME(token.Require) }, { ALT: () => this.CONSUME(token.Expect) }]);
    this.OPTION(() => this.SUBRULE(this.sum, { LABEL: "subject" }));
    this.OPTION2(() => this.OR2([{ ALT: () => this.CONSUME(category.Comparison) }, { ALT: () => this.SUBRULE(this.assign) }]));
    this.OPTION3({ GATE: () => !this.startsItem(), DEF: () => this.SUBRULE2(this.sum, { LABEL: "bound" }) });
  });

  // Stages

  readonly stage = this.RULE("stage", () => {
    this.OR({
      DEF: [
        { GATE: () => !this.endsStage(2), ALT: () => this.SUBRULE(this.repeat) },
        { GATE: () => !this.endsStage(2), ALT: () => this.SUBRULE(this.inputType) },
        { ALT: () => this.SUBRULE(this.apply) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
    this.OPTION(() => this.SUBRULE(this.alias));
  });

  readonly repeat = this.RULE("repeat", () => {
    this.CONSUME(token.Repeat);
    this.OPTION(() => {
      this.CONSUME(category.Name);
      this.CONSUME(token.In);
    });
    this.OPTION2(() => this.SUBRULE(this.sum));
    this.SUBRULE(this.bodyAhead);
  });

  readonly inputType = this.RULE("inputType", () => {
    this.CONSUME(token.Input);
    this.OPTION(() => this.CONSUME(category.Name));
    this.OPTION2(() => this.SUBRULE(this.list));
  });

  readonly apply = this.RULE("apply", () => {
    this.CONSUME(category.Name);
    this.OPTION(() => this.SUBRULE(this.call));
  });

  readonly alias = this.RULE("alias", () => {
    this.CONSUME(token.As);
    this.OPTION({ GATE: () => !this.startsSetting(), DEF: () => this.CONSUME(category.Name) });
  });

  readonly call = this.RULE("call", () => {
    this.CONSUME(token.OpenParen);
    this.SUBRULE(this.items);
    this.CONSUME(token.CloseParen);
  });

  readonly items = this.RULE("items", () => {
    const stop = () => [token.Comma, category.Closer].some((type) => this.isNext(type)) || this.startsValue();
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(token.Comma) },
          { GATE: () => this.startsValue(), ALT: () => this.SUBRULE(this.argument) },
          { ALT: () => this.SUBRULE(this.skipped, { ARGS: [stop] }) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
  });

  readonly argument = this.RULE("argument", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(category.Name);
          this.SUBRULE(this.assign);
          this.OPTION({ GATE: () => !this.startsSetting(), DEF: () => this.SUBRULE(this.value) });
        },
      },
      { ALT: () => this.SUBRULE2(this.value) },
    ]);
  });

  readonly assign = this.RULE("assign", () => {
    this.OR([{ ALT: () => this.CONSUME(token.Colon) }, { ALT: () => this.CONSUME(token.Equals) }]);
  });

  // Values

  /** A pipeline or less. */
  readonly value = this.RULE("value", () => {
    const canGoOn = () => [category.Name, token.CloseParen, token.CloseBrace, token.CloseSquare, token.Arrow].some((type) => tokenMatcher(this.LA(0), type));
    this.SUBRULE(this.sum);
    this.OPTION(() => this.SUBRULE(this.alias));
    this.MANY({
      GATE: canGoOn,
      DEF: () => {
        this.CONSUME(token.Arrow);
        this.OPTION2({ GATE: () => !this.startsSetting() && !this.startsClaim(), DEF: () => this.SUBRULE(this.stage) });
      },
    });
  });

  readonly sum = this.RULE("sum", () => {
    this.SUBRULE(this.product);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(token.Plus, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(token.Minus, { LABEL: "operator" }) },
      ]);
      this.OPTION({ GATE: () => !this.startsMore(), DEF: () => this.SUBRULE2(this.product) });
    });
  });

  readonly product = this.RULE("product", () => {
    this.SUBRULE(this.signed);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(token.Star, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(token.Slash, { LABEL: "operator" }) },
      ]);
      this.OPTION({ GATE: () => !this.startsMore(), DEF: () => this.SUBRULE2(this.signed) });
    });
  });

  readonly signed = this.RULE("signed", () => {
    this.OR([
      {
        ALT: () => {
          this.AT_LEAST_ONE(() => this.CONSUME(token.Minus));
          this.OPTION({ GATE: () => !this.startsMore(), DEF: () => this.SUBRULE(this.atom) });
        },
      },
      { ALT: () => this.SUBRULE2(this.atom) },
    ]);
  });

  readonly atom = this.RULE("atom", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.quantity) },
      { ALT: () => this.CONSUME(token.String) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.apply) },
      { ALT: () => this.SUBRULE(this.group) },
    ]);
  });

  readonly quantity = this.RULE("quantity", () => {
    this.CONSUME(token.Number);
    this.OPTION({
      GATE: () => this.isNext(token.Percent) || this.isUnit(),
      DEF: () => this.OR([{ ALT: () => this.CONSUME(token.Percent) }, { ALT: () => this.CONSUME(token.Identifier) }]),
    });
  });

  readonly list = this.RULE("list", () => {
    this.CONSUME(token.OpenSquare);
    this.SUBRULE(this.items);
    this.CONSUME(token.CloseSquare);
  });

  readonly group = this.RULE("group", () => {
    this.CONSUME(token.OpenParen);
    this.OPTION(() => this.SUBRULE(this.value));
    this.OPTION2(() => this.SUBRULE(this.skipped, { ARGS: [() => this.isNext(category.Closer)] }));
    this.CONSUME(token.CloseParen);
  });

  // What fits nowhere

  /** Everything up to a place where reading can go on; brackets are skipped whole. */
  readonly skipped = this.RULE("skipped", (stop: Stop = () => false) => {
    let isFirst = true;
    this.AT_LEAST_ONE({
      GATE: () => isFirst || !stop(),
      DEF: () => {
        isFirst = false;
        this.OR([{ ALT: () => this.SUBRULE(this.brackets) }, { ALT: () => this.CONSUME(category.Skippable) }]);
      },
    });
  });

  readonly brackets = this.RULE("brackets", () => {
    this.CONSUME(category.Opener);
    this.MANY(() => this.OR([{ ALT: () => this.SUBRULE(this.brackets) }, { ALT: () => this.CONSUME(category.Skippable) }]));
    this.CONSUME(category.Closer);
  });

  // What comes next

  private isNext(type: TokenType, distance = 1): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  /** Whether a declaration may start here, at the top level. */
  private startsDeclaration(): boolean {
    return this.isNext(category.Declaration) && !this.isNext(token.Colon, 2);
  }

  /** Whether a declaration certainly starts here, even where names are expected. */
  private isDeclaration(): boolean {
    return beginsDeclaration(this.LA(1), this.LA(2), this.LA(3));
  }

  private startsSetting(): boolean {
    return this.isNext(category.Name) && (this.isNext(token.Colon, 2) || this.isNext(token.Equals, 2));
  }

  private startsClaim(): boolean {
    return (this.isNext(token.Require) || this.isNext(token.Expect)) && (this.isNext(category.Name, 2) || this.isNext(category.Comparison, 2));
  }

  /** Whether the next item of a body begins: then a value that should stand here is missing. */
  private startsItem(): boolean {
    const isInput = this.isNext(token.Input) && this.isNext(category.Name, 2) && this.isNext(token.OpenSquare, 3);
    const isRepeat = this.isNext(token.Repeat) && (this.isNext(token.Number, 2) || this.isNext(category.Name, 2));
    return this.startsSetting() || this.startsClaim() || isInput || isRepeat;
  }

  /** Whether the next item or declaration begins: then an operand is missing. */
  private startsMore(): boolean {
    return this.startsItem() || this.isDeclaration();
  }

  private startsValue(): boolean {
    return [category.Name, token.Number, token.String, token.Minus, token.OpenParen, token.OpenSquare].some((type) => this.isNext(type));
  }

  /** `weights 8`: no stage is followed by a literal, so a colon was forgotten. */
  private isSettingWithoutColon(): boolean {
    return this.isNext(category.Name) && [token.Number, token.String, token.OpenSquare].some((type) => this.isNext(type, 2)) && !this.isNext(token.Input) && !this.isNext(token.Repeat);
  }

  private endsStage(distance: number): boolean {
    return [token.Arrow, token.CloseBrace, token.CloseParen, token.Comma].some((type) => this.isNext(type, distance));
  }

  /**
   * The word after a number is its unit unless it begins something: the next setting, argument, stage or sentence.
   * A word that is no unit of the language must at least stand on the same line. (A lone stage before `}` looks like
   * a unit; `build-body.ts` decides that.)
   */
  private isUnit(): boolean {
    const beginsMore = [token.Colon, token.Equals, token.OpenParen, token.Arrow, token.As].some((type) => this.isNext(type, 2));
    if (!this.isNext(token.Identifier) || beginsMore) return false;
    return unitOf(this.LA(1).image) !== undefined || this.LA(1).startLine === this.LA(0).endLine;
  }

  private isBodyAhead(): boolean {
    for (let distance = 1; ; distance++) {
      if (this.isNext(token.OpenBrace, distance)) return true;
      const next = this.LA(distance);
      if (tokenMatcher(next, EOF) || tokenMatcher(next, category.Declaration) || tokenMatcher(next, token.CloseBrace)) return false;
    }
  }
}

/** The rules' names, which are also the names of the nodes of the concrete syntax. */
export type RuleName = { [Key in keyof BnmParser]: BnmParser[Key] extends (...parameters: never[]) => CstNode ? Key : never }[keyof BnmParser];

const parser = new BnmParser();

/** The concrete syntax of tokens with balanced brackets; total. */
export function parseTokens(tokens: readonly IToken[]): CstNode {
  parser.input = [...tokens];
  return parser.file();
}

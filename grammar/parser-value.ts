import type { CstNode, ParserMethod } from "./chevrotain.js";
import { Lookahead } from "./parser-lookahead.js";
import { category, token } from "./tokens.js";

/** The rules of values: what stands behind `:` and `=`, in lists, and in the arguments of calls. */
export abstract class ValueRules extends Lookahead {
  abstract readonly stage: ParserMethod<[], CstNode>;

  /** A pipeline or less. */
  readonly value = this.RULE("value", () => {
    const canGoOn = () => this.isAny([category.Name, category.Closer, token.Arrow], 0);
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
    const stop = () => this.isAny([token.Comma, category.Closer]) || this.startsValue();
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
}

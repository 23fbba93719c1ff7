import { ValueRules } from "./parser-value.js";
import { category, token } from "./tokens.js";

/** The rules of bodies: settings, claims, and the stages of a pipeline. */
export abstract class BodyRules extends ValueRules {
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
    const isSetting = () => this.isAny([token.Colon, token.Equals], 2) || this.isSettingWithoutColon();
    const isClaim = () => this.isAny([token.Require, token.Expect]);
    const startsItem = () => this.isAny([category.Name, token.Arrow, category.Closer]);
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
}

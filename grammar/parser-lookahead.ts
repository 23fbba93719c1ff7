import { CstParser, EOF, tokenMatcher, type TokenType } from "./chevrotain.js";
import { beginsDeclaration } from "./statements.js";
import { category, token } from "./tokens.js";
import { unitOf } from "./units.js";

export type Stop = () => boolean;

/**
 * What the grammar asks about the next tokens where two of them do not decide, and the rules that pass over what fits
 * nowhere.
 */
export abstract class Lookahead extends CstParser {
  constructor() {
    super([...Object.values(token), ...Object.values(category)], {
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
    });
  }

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

  /** Whether the token at a distance is of a type or category; 1 is the next, 0 the last one read. */
  protected isNext(type: TokenType, distance = 1): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  protected isAny(types: readonly TokenType[], distance = 1): boolean {
    return types.some((type) => this.isNext(type, distance));
  }

  /** Whether a declaration may start here, at the top level. */
  protected startsDeclaration(): boolean {
    return this.isNext(category.Declaration) && !this.isNext(token.Colon, 2);
  }

  /** Whether a declaration certainly starts here, even where names are expected. */
  protected isDeclaration(): boolean {
    return beginsDeclaration(this.LA(1), this.LA(2), this.LA(3));
  }

  /** Whether `from` was read, and something other than a string or the next declaration follows. */
  protected isPathUnquoted(): boolean {
    return this.isNext(token.From, 0) && !this.isDeclaration();
  }

  protected startsSetting(): boolean {
    return this.isNext(category.Name) && (this.isNext(token.Colon, 2) || this.isNext(token.Equals, 2));
  }

  protected startsClaim(): boolean {
    return this.isAny([token.Require, token.Expect]) && this.isAny([category.Name, category.Comparison], 2);
  }

  /** Whether the next item of a body begins: then a value that should stand here is missing. */
  protected startsItem(): boolean {
    const isInput = this.isNext(token.Input) && this.isNext(category.Name, 2) && this.isNext(token.OpenSquare, 3);
    const isRepeat = this.isNext(token.Repeat) && this.isAny([token.Number, category.Name], 2);
    return this.startsSetting() || this.startsClaim() || isInput || isRepeat;
  }

  /** Whether the next item or declaration begins: then an operand is missing. */
  protected startsMore(): boolean {
    return this.startsItem() || this.isDeclaration();
  }

  protected startsValue(): boolean {
    return this.isAny([category.Name, token.Number, token.String, token.Minus, token.OpenParen, token.OpenSquare]);
  }

  /** `weights 8`: no stage is followed by a literal, so a colon was forgotten. */
  protected isSettingWithoutColon(): boolean {
    const isStage = this.isAny([token.Input, token.Repeat]);
    return this.isNext(category.Name) && !isStage && this.isAny([token.Number, token.String, token.OpenSquare], 2);
  }

  protected endsStage(distance: number): boolean {
    return this.isAny([token.Arrow, token.CloseBrace, token.CloseParen, token.Comma], distance);
  }

  /**
   * The word after a number is its unit unless it begins something: the next setting, argument, stage or statement.
   * A word that is no unit of the language must at least stand on the same line. (A lone stage before `}` looks like
   * a unit; `build-body.ts` decides that.)
   */
  protected isUnit(): boolean {
    const beginsMore = this.isAny([token.Colon, token.Equals, token.OpenParen, token.Arrow, token.As], 2);
    if (!this.isNext(token.Identifier) || beginsMore) return false;
    return unitOf(this.LA(1).image) !== undefined || this.LA(1).startLine === this.LA(0).endLine;
  }

  /** Whether a `{` follows before anything that certainly belongs elsewhere. */
  protected isBodyAhead(): boolean {
    let distance = 1;
    while (!this.isAny([token.OpenBrace, token.CloseBrace, category.Declaration, EOF], distance)) distance++;
    return this.isNext(token.OpenBrace, distance);
  }
}

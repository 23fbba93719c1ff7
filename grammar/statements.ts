import { tokenMatcher, type IToken, type TokenType } from "./chevrotain.js";
import { category, token } from "./tokens.js";

/** What can stand behind the keyword and the name of a declaration. */
const links: Readonly<Record<string, readonly TokenType[]>> = {
  Use: [token.From, token.Comma],
  Param: [token.Equals],
  Block: [token.OpenParen, token.OpenBrace],
  Dataset: [token.OpenBrace],
  Model: [token.OpenBrace],
  Train: [token.On],
  Deploy: [token.To],
};

/** Whether three tokens can only be the beginning of a declaration, wherever they stand. */
export function beginsDeclaration(word: IToken, name: IToken | undefined, link: IToken | undefined): boolean {
  if (!tokenMatcher(word, category.Declaration) || !name || !link || !tokenMatcher(name, category.Name)) return false;
  return links[word.tokenType.name]!.some((type) => tokenMatcher(link, type));
}

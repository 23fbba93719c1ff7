/** Words as a shell takes them, to be copied: quoted where they have signs that it would read. */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** The words of `--set`, once for each name. */
export const setWords = (set: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(set).flatMap(([name, text]) => ["--set", `${name}=${text}`]);

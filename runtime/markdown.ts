/** The little Markdown that the reference is written in. Every part ends with a newline; a page joins parts by blank lines. */

export const page = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n");

export const heading = (level: 1 | 2 | 3, text: string): string => `${"#".repeat(level)} ${text}\n`;

export const paragraph = (text: string): string => `${text}\n`;

export const code = (text: string): string => `\`${text}\``;

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;

export const link = (text: string, address: string): string => `[${text}](${address})`;

/** A table whose source is as readable as its rendering; "" without rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cells = [header, ...rows].map((row) => row.map((cell) => escapeTags(cell).replaceAll("|", "\\|").replaceAll("\n", " ")));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => [...row[column]!].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell + " ".repeat(widths[i]! - [...cell].length)).join(" | ")} |\n`;
  const [first, ...others] = cells.map(line);
  return `${first}| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n${others.join("")}`;
}

/** `<model>` outside of code would be taken for HTML and vanish. */
const escapeTags = (text: string): string =>
  text
    .split("`")
    .map((part, i) => (i % 2 === 0 ? part.replaceAll("<", "\\<") : part))
    .join("`");

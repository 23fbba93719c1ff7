/** Where text goes: stdout is data, stderr is talk. */

/** Whether stderr shows colours: a terminal, and nobody said NO_COLOR (no-color.org). */
export const useColor = (): boolean => process.stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";

export function print(text: string): void {
  if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export const tell = (text: string): void => void process.stderr.write(harmless(text.endsWith("\n") ? text : `${text}\n`));

/**
 * Text that may hold names from data or of files, with what steers a terminal, or reverses what is read, as its code.
 * Line breaks, tabs and the looks of `style` stay.
 */
export const harmless = (text: string): string =>
  text.replace(/\u001B\[\d+m|[\n\t]|[\p{Cc}\p{Bidi_Control}]/gu, (found) => {
    const stays = found.length > 1 ? useColor() : found === "\n" || found === "\t";
    return stays ? found : [...found].map((sign) => (/[\p{Cc}\p{Bidi_Control}]/u.test(sign) ? codeOf(sign) : sign)).join("");
  });

/** A sign as JSON and JavaScript write it by its number. */
const codeOf = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** Styles text for stderr, or leaves it plain. */
export const style = (look: keyof typeof codes, text: string): string => (useColor() ? `\u001B[${codes[look]}m${text}\u001B[0m` : text);

/** 1234567 bytes as people read sizes: "1.2 MiB". */
export function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export const showPercent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** How source text looks in a terminal: columns taken by tabs, wide characters and characters that cannot be shown. */

const tabStop = 4;

/** One character as it is shown: what is printed for it, and how many columns that takes. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset in the line, in UTF-16 code units. */
  readonly offset: number;
}

/** The cells of one line; tabs become spaces, control characters become pictures of themselves. */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let offset = 0;
  for (const character of line) {
    const text = shownAs(character, column);
    const width = character === "\t" ? text.length : columnsOf(text);
    cells.push({ text, width, offset });
    column += width;
    offset += character.length;
  }
  return cells;
}

/** The column, from 0, at which an offset of the line is shown. */
export function columnAt(cells: readonly Cell[], offset: number): number {
  let column = 0;
  for (const cell of cells) {
    if (cell.offset >= offset) break;
    column += cell.width;
  }
  return column;
}

/** Breaks text between words into lines of at most `width` columns; words longer than that stay whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

export function textWidth(text: string): number {
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0);
}

function shownAs(character: string, column: number): string {
  if (character === "\t") return " ".repeat(tabStop - (column % tabStop));
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  // Invisible formatting characters, direction overrides among them, could make a line look like another.
  return /[\p{Cf}\p{Cc}\p{Cs}\u2028\u2029]/u.test(character) ? "�" : character;
}

function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const isWide =
    /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(
      character,
    );
  return isWide ? 2 : 1;
}

/** A contribution of one object file to the image. */
export interface Contribution {
  /** The input section: `.text.dense1`. */
  readonly section: string;
  /** The section of the image that it went to: `.text`. */
  readonly into: string;
  readonly address: number;
  readonly bytes: number;
  /** Path of the object file; undefined for the linker's own padding. */
  readonly object?: string;
}

/** What GNU ld's map says went where; sections of no bytes are left out. */
export function readLinkMap(map: string): readonly Contribution[] {
  const placed = map.slice(map.indexOf("Linker script and memory map"));
  // A long name stands on a line of its own.
  const lines = placed
    .replace(/^( ?\.[^\s()]+)\n\s+0x/gm, "$1 0x")
    .split("\n")
    .map((line) => line.trimEnd());
  const found: Contribution[] = [];
  let into = "";
  for (const line of lines) {
    into = /^(\.\S+)\s+0x/.exec(line)?.[1] ?? into;
    const [, section, address, size, object] = /^ (\.\S+|\*fill\*|COMMON)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$/.exec(line) ?? [];
    const bytes = Number.parseInt(size ?? "0", 16);
    if (section === undefined || bytes === 0) continue;
    const padding = section === "*fill*";
    found.push({
      section,
      into,
      address: Number.parseInt(address!, 16),
      bytes,
      ...(padding || object === undefined ? {} : { object: object.trim() }),
    });
  }
  return found;
}

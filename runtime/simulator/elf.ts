import { Failure } from "../failure.js";

/** What of an ELF executable matters to run it. */
export interface Image {
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly symbols: readonly ImageSymbol[];
}

export interface Segment {
  /** Where it is stored: what gets programmed. */
  readonly physical: number;
  /** Where the program expects it: start-up code copies it there. */
  readonly virtual: number;
  readonly bytes: Uint8Array;
  /** With the zeros that follow the stored bytes. */
  readonly memorySize: number;
}

export interface Section {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  /** Takes memory when the program runs. */
  readonly allocated: boolean;
  readonly executable: boolean;
  /** Has bytes in the image; .bss has none. */
  readonly stored: boolean;
}

export interface ImageSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes; 0 when unknown, as for labels of assembly code. */
  readonly size: number;
  readonly kind: "function" | "object" | "label";
}

const machineRiscV = 243;
const loadable = 1;
const symbolTable = 2;
const noBits = 8;
const flagAllocated = 2;
const flagExecutable = 4;
const symbolKinds = ["label", "object", "function"] as const;

/** Reads a 32-bit little-endian RISC-V executable; `path` only names it in messages. */
export function loadElf(bytes: Uint8Array, path = "the image"): Image {
  const image = readElf(bytes, path);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint16(18, true) !== machineRiscV) throw broken(path, "it is not for RISC-V");
  return image;
}

/** As `loadElf`, for any processor: to look into, not to run. */
export function readElf(bytes: Uint8Array, path = "the image"): Image {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    checkHeader(file, path);
    const sections = readSections(file);
    return { entry: file.getUint32(24, true), segments: readSegments(file), sections, symbols: readSymbols(file, sections) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw broken(path, "it ends too early");
  }
}

/** The address of a symbol, or undefined. */
export const symbolAddress = (image: Image, name: string): number | undefined =>
  image.symbols.find((symbol) => symbol.name === name)?.address;

function checkHeader(file: DataView, path: string): void {
  if (file.byteLength < 52 || file.getUint32(0) !== 0x7f454c46) throw broken(path, "it is no ELF file");
  if (file.getUint8(4) !== 1 || file.getUint8(5) !== 1) throw broken(path, "it is not for a 32-bit little-endian machine");
  if (file.getUint16(16, true) !== 2) throw broken(path, "it is not linked");
}

function readSegments(file: DataView): readonly Segment[] {
  const headers = table(file.getUint32(28, true), file.getUint16(42, true), file.getUint16(44, true));
  return headers.flatMap((header) => {
    const [type, offset, virtual, physical, size, memorySize] = words(file, header, 6);
    if (type !== loadable || memorySize === 0) return [];
    return [{ physical: physical!, virtual: virtual!, bytes: slice(file, offset!, size!), memorySize: memorySize! }];
  });
}

interface FileSection extends Section {
  readonly type: number;
  readonly offset: number;
  readonly link: number;
}

function readSections(file: DataView): readonly FileSection[] {
  const headers = table(file.getUint32(32, true), file.getUint16(46, true), file.getUint16(48, true));
  const nameTable = headers[file.getUint16(50, true)];
  const names = nameTable === undefined ? 0 : file.getUint32(nameTable + 16, true);
  return headers.map((header) => {
    const [name, type, flags, address, offset, size, link] = words(file, header, 7) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const allocated = (flags & flagAllocated) !== 0;
    const executable = (flags & flagExecutable) !== 0;
    return { name: text(file, names + name), type, address, offset, size, link, allocated, executable, stored: type !== noBits };
  });
}

function readSymbols(file: DataView, sections: readonly FileSection[]): readonly ImageSymbol[] {
  const section = sections.find(({ type }) => type === symbolTable);
  if (section === undefined) return [];
  const names = sections[section.link]?.offset ?? 0;
  return table(section.offset, 16, section.size / 16).flatMap((at) => {
    const [name, address, size] = words(file, at, 3) as [number, number, number];
    const kind = symbolKinds[file.getUint8(at + 12) & 15];
    const defined = file.getUint16(at + 14, true) !== 0;
    return kind !== undefined && defined && name !== 0 ? [{ name: text(file, names + name), address, size, kind }] : [];
  });
}

const table = (offset: number, entryBytes: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => offset + i * entryBytes);

const words = (file: DataView, offset: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => file.getUint32(offset + 4 * i, true));

function slice(file: DataView, offset: number, length: number): Uint8Array {
  if (offset + length > file.byteLength) throw new RangeError();
  return new Uint8Array(file.buffer, file.byteOffset + offset, length);
}

function text(file: DataView, offset: number): string {
  let end = offset;
  while (file.getUint8(end) !== 0) end++;
  return new TextDecoder().decode(slice(file, offset, end - offset));
}

const broken = (path: string, what: string): Failure => new Failure(`${path} cannot be run: ${what}`, "link it for a 32-bit RISC-V target");

/** What a file with weights is, by its first bytes: names of files say little. */
export type FileKind = "archive" | "safetensors" | "text" | "foreign";

interface Signature {
  readonly is: (bytes: Uint8Array) => boolean;
  /** With its article, for a message. */
  readonly name: string;
  readonly remedy: string;
}

const begins =
  (...start: readonly (number | string)[]) =>
  (bytes: Uint8Array): boolean =>
    start.flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])).every((byte, i) => bytes[i] === byte);

const at =
  (offset: number, text: string) =>
  (bytes: Uint8Array): boolean =>
    begins(text)(bytes.subarray(offset));

const resave = 'save it anew in Python: torch.save(torch.load("old.pth"), "model.pth")';
const exportHeader = "give a PyTorch checkpoint (torch.save), a .safetensors file or an exported header (.h)";

/** Files that people take for weights, and what to do with them instead. */
const foreign: readonly Signature[] = [
  { is: begins("version https://git-lfs"), name: "a pointer of Git LFS, and not the file that it stands for", remedy: "fetch the file itself: git lfs pull" },
  { is: begins(0x80), name: "a checkpoint as torch before 1.6 saved it, or another bare pickle", remedy: resave },
  { is: begins(0x89, "HDF\r\n"), name: "an HDF5 file of Keras", remedy: `save its weights with PyTorch's layout, or ${exportHeader}` },
  { is: at(4, "TFL3"), name: "a TensorFlow Lite model", remedy: exportHeader },
  { is: (bytes) => bytes[0] === 0x08 && bytes[1]! < 32 && bytes[2] === 0x12, name: "an ONNX model", remedy: exportHeader },
  { is: begins(0x1f, 0x8b), name: "a gzip file", remedy: "unpack it first: gunzip" },
  { is: begins("BZh"), name: "a bzip2 file", remedy: "unpack it first: bunzip2" },
  { is: begins(0xfd, "7zXZ"), name: "an xz file", remedy: "unpack it first: unxz" },
  { is: at(257, "ustar"), name: "a tar archive", remedy: "unpack it first: tar xf" },
  { is: begins(0x93, "NUMPY"), name: "a NumPy array", remedy: exportHeader },
  { is: begins("GGUF"), name: "a GGUF model of llama.cpp", remedy: exportHeader },
  { is: (bytes) => /^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder("latin1").decode(bytes.subarray(0, 200))), name: "a page of HTML: probably an error page that was downloaded in its place", remedy: "download the file itself" },
];

/** The header of a safetensors file is JSON behind its length. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  return bytes[8] === 0x7b && length <= BigInt(bytes.length - 8);
}

/** The kind of a file, and for a foreign one what to say of it. */
export function fileKind(bytes: Uint8Array): { readonly kind: FileKind; readonly name: string; readonly remedy: string } {
  if (begins("PK", 3, 4)(bytes)) return { kind: "archive", name: "a zip archive", remedy: exportHeader };
  if (isSafetensors(bytes)) return { kind: "safetensors", name: "a safetensors file", remedy: exportHeader };
  if (bytes.length === 0) return { kind: "foreign", name: "empty", remedy: "copy it again" };
  const known = foreign.find(({ is }) => is(bytes));
  if (known !== undefined) return { kind: "foreign", ...known };
  const isText = !bytes.subarray(0, 4096).some((byte) => byte === 0);
  return isText ? { kind: "text", name: "text", remedy: exportHeader } : { kind: "foreign", name: "of a kind that bnmc does not know", remedy: exportHeader };
}

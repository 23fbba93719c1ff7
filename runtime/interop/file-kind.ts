import { begins, beginsAt, type Signature, standIns } from "../data/stand-in.js";

/** What a file with weights is; what people take for one is `foreign`, with its name and what to do instead. */
export type FileKind =
  { readonly kind: "archive" | "safetensors" | "text" } | { readonly kind: "foreign"; readonly name: string; readonly remedy: string };

const resave = 'save it anew in Python: torch.save(torch.load("old.pth"), "model.pth")';
const giveWeights = "give a PyTorch checkpoint (torch.save), a .safetensors file or an exported header (.h)";

/** Files that people take for weights, and what to do with them instead. */
const foreign: readonly Signature[] = [
  ...standIns,
  { is: begins(0x80), name: "a checkpoint as torch before 1.6 saved it, or another bare pickle", remedy: resave },
  { is: begins(0x89, "HDF\r\n"), name: "an HDF5 file of Keras", remedy: `save its weights with PyTorch's layout, or ${giveWeights}` },
  { is: beginsAt(4, "TFL3"), name: "a TensorFlow Lite model", remedy: giveWeights },
  { is: (bytes) => bytes[0] === 0x08 && bytes[1]! < 32 && bytes[2] === 0x12, name: "an ONNX model", remedy: giveWeights },
  { is: begins(0x1f, 0x8b), name: "a gzip file", remedy: "unpack it first: gunzip" },
  { is: begins("BZh"), name: "a bzip2 file", remedy: "unpack it first: bunzip2" },
  { is: begins(0xfd, "7zXZ"), name: "an xz file", remedy: "unpack it first: unxz" },
  { is: beginsAt(257, "ustar"), name: "a tar archive", remedy: "unpack it first: tar xf" },
  { is: begins(0x93, "NUMPY"), name: "a NumPy array", remedy: giveWeights },
  { is: begins("GGUF"), name: "a GGUF model of llama.cpp", remedy: giveWeights },
];

/** The header of a safetensors file is JSON behind its length. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  return bytes[8] === 0x7b && length <= BigInt(bytes.length - 8);
}

/** Tells a whole file by its first bytes, since names of files say little. */
export function fileKind(bytes: Uint8Array): FileKind {
  if (begins("PK", 3, 4)(bytes)) return { kind: "archive" };
  if (isSafetensors(bytes)) return { kind: "safetensors" };
  if (bytes.length === 0) return { kind: "foreign", name: "empty", remedy: "copy it again" };
  const known = foreign.find(({ is }) => is(bytes));
  if (known !== undefined) return { kind: "foreign", name: known.name, remedy: known.remedy };
  const isText = !bytes.subarray(0, 4096).some((byte) => byte === 0);
  return isText ? { kind: "text" } : { kind: "foreign", name: "of a kind that bnmc does not know", remedy: giveWeights };
}

import { DataError } from "../data-error.js";
import { exifOrientation, turned } from "./orientation.js";

/** A picture in shades of grey, row by row. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** Values from 0 to `most`, interleaved: grey, grey and alpha, red green blue, or these and alpha. */
interface Raster {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly most: number;
  readonly data: ArrayLike<number>;
}

/**
 * Decodes PNG, JPEG, PGM and PPM, told apart by their first bytes; colours become grey, what is transparent black. `name` is what
 * messages call the file.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<Picture> {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return grey(await decodePng(bytes, name));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes, name);
  const netpbm = decodeNetpbm(bytes);
  if (netpbm !== undefined) return grey(netpbm);
  throw new DataError(`${name} is no PNG, JPEG, PGM or PPM image`, "Convert it, or remove it.");
}

/** A photo as it was taken: turned as its camera says in EXIF. */
async function decodeJpeg(bytes: Uint8Array, name: string): Promise<Picture> {
  const { default: jpeg } = await import("jpeg-js");
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxMemoryUsageInMB: 2048,
      maxResolutionInMP: 200,
    });
    return turned(grey({ height, width, channels: 3, most: 255, data }), exifOrientation(bytes));
  } catch (error) {
    throw new DataError(
      `${name} is a damaged JPEG image, or of a kind that is not read: ${(error as Error).message}`,
      "Save it again as a plain JPEG or PNG, or remove it.",
    );
  }
}

async function decodePng(bytes: Uint8Array, name: string): Promise<Raster> {
  // Loaded only by those who read images.
  const { decode, convertIndexedToRgb } = await import("fast-png");
  try {
    const png = decode(bytes, { checkCrc: true });
    const { height, width, palette } = png;
    if (palette !== undefined) return { height, width, channels: palette[0]!.length, most: 255, data: convertIndexedToRgb(png) };
    // Depths below 8 are packed several to a byte.
    const packed = png.depth < 8;
    return {
      height,
      width,
      channels: png.channels,
      most: 2 ** png.depth - 1,
      data: packed ? unpack(png.data, width, png.depth) : png.data,
    };
  } catch (error) {
    throw new DataError(`${name} is a damaged PNG image: ${(error as Error).message}`, "Save it again, or remove it.");
  }
}

/** Values of fewer than 8 bits, every row from a new byte. */
function unpack(data: ArrayLike<number>, width: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: (data.length / rowBytes) * width }, (_, i) => {
    const bit = (i % width) * depth;
    return (data[Math.floor(i / width) * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** Binary PGM and PPM of 8 bits. */
function decodeNetpbm(bytes: Uint8Array): Raster | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  const found = /^P([56])(?:\s+(?:#[^\n]*\n\s*)*(\d+))(?:\s+(?:#[^\n]*\n\s*)*(\d+))(?:\s+(?:#[^\n]*\n\s*)*(\d+))\s/.exec(head);
  if (found === null) return undefined;
  const [width, height, most] = [Number(found[2]), Number(found[3]), Number(found[4])];
  const channels = found[1] === "5" ? 1 : 3;
  const data = bytes.subarray(found[0].length, found[0].length + width * height * channels);
  return most > 255 || data.length < width * height * channels ? undefined : { height, width, channels, most, data };
}

/** Luma of ITU-R BT.601, as televisions and Pillow weigh colours. */
const luma = [0.299, 0.587, 0.114] as const;

function grey({ height, width, channels, most, data }: Raster): Picture {
  const hasAlpha = channels % 2 === 0;
  const bytes = new Uint8Array(height * width);
  for (let i = 0; i < bytes.length; i++) {
    const at = i * channels;
    const value = channels < 3 ? data[at]! : luma[0] * data[at]! + luma[1] * data[at + 1]! + luma[2] * data[at + 2]!;
    const opacity = hasAlpha ? data[at + channels - 1]! / most : 1;
    bytes[i] = Math.round((255 * opacity * value) / most);
  }
  return { height, width, bytes };
}

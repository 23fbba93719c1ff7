import { type ClassFile, type ClassFolders, findClassFiles, leftOut } from "../samples/class-folders.js";
import { classNames, type Sighting } from "../samples/class-names.js";
import { DataError } from "../data-error.js";
import { decodeImage, type Picture } from "../image/decode.js";
import { type Resize, resizer } from "../image/resample.js";
import { count, list, optional, text } from "../parameter.js";
import { type DataHost, defineSource, type Samples } from "../samples.js";

export default defineSource({
  name: "images",
  summary: "Your own pictures, PNG, JPEG, PGM or PPM, in a folder for each class; colours become grey, what is transparent black.",
  parameters: {
    folder: text("The folder with a folder for each class: beside the model, else in a data directory."),
    test: optional(text("Such a folder to test with; without it, let `split` hold some out."), ""),
    size: optional(
      list(count("A side."), "`[height, width]` to which all are scaled when they are read; needed when they are of several sizes.", 0),
      [],
    ),
  },
  describe: ({ size }) => ({ values: "bytes", ...(size.length === 2 && { shape: size }) }),
  load: async (host, { folder, test, size }, classes) => {
    const found = await findImages(folder, host);
    const foundTests = test === "" ? undefined : await findImages(test, host);
    const [train, tests] = [found.files, foundTests?.files ?? []];
    const origin = test === "" ? `${folder} (${train.length} images)` : `${folder} (${train.length} images) and ${test} (${tests.length})`;
    const names = classNames(sightings([...train, ...tests]), classes, origin);
    const sides = size.length === 0 ? undefined : sidesOf(size);
    const read = (files: readonly ClassFile[]): Promise<Samples> => readImages(files, names, sides, host);
    const trained = await read(train);
    const tested = tests.length > 0 ? await read(tests) : { ...trained, count: 0, values: new Uint8Array(0), labels: new Uint8Array(0) };
    const remarks = [...leftOut(found.others, folder, "image"), ...leftOut(foundTests?.others ?? [], test, "image")];
    return { train: trained, test: tested, classes: names, origin, remarks };
  },
});

type Sides = readonly [height: number, width: number];

function sidesOf(size: readonly number[]): Sides {
  const [height, width] = size;
  if (size.length === 2 && height !== undefined && width !== undefined) return [height, width];
  throw new DataError(`\`size: [${size.join(", ")}]\` is not that of an image`, "Write `size: [height, width]`.");
}

const sightings = (files: readonly ClassFile[]): readonly Sighting[] => [
  ...new Map(files.map(({ file, name }) => [name, { name, place: file }])).values(),
];

const imageEnding = /\.(png|jpe?g|pgm|ppm)$/i;

/** All images in the folders of a folder, with their classes. */
async function findImages(folder: string, host: DataHost): Promise<ClassFolders> {
  const found = await findClassFiles(folder, host, (name) => imageEnding.test(name));
  if (found === undefined) {
    throw new DataError(`there is no folder ${folder}`, "Its path starts at the model's folder, else at a data directory.");
  }
  const [empty] = found.empty;
  if (empty !== undefined) {
    throw new DataError(
      `the folder ${empty} holds no PNG, JPEG, PGM or PPM images`,
      `Put images of the class ${JSON.stringify(empty.split("/").at(-1))} into it, or remove it.`,
    );
  }
  if (found.files.length === 0) {
    throw new DataError(`the folder ${folder} holds no folders`, "Put a folder with images for each class into it.");
  }
  return found;
}

async function readImages(
  files: readonly ClassFile[],
  classes: readonly string[],
  size: Sides | undefined,
  host: DataHost,
): Promise<Samples> {
  let first: { readonly sides: Sides; readonly file: string } | undefined;
  const parts: Uint8Array[] = [];
  const scaled = scaler();
  for (const { file } of files) {
    const picture = await decodeImage(await host.own(file), file);
    first ??= { sides: size ?? [picture.height, picture.width], file };
    parts.push(size === undefined ? checked(picture, first, file) : scaled(picture, size));
  }
  const [height, width] = first!.sides;
  const values = new Uint8Array(files.length * height * width);
  parts.forEach((part, i) => values.set(part, i * height * width));
  return { shape: [height, width], count: files.length, values, labels: Uint8Array.from(files, ({ name }) => classes.indexOf(name)) };
}

function checked({ height, width, bytes }: Picture, first: { readonly sides: Sides; readonly file: string }, file: string): Uint8Array {
  if (height === first.sides[0] && width === first.sides[1]) return bytes;
  throw new DataError(
    `${file} is ${height} x ${width}, but ${first.file} is ${first.sides.join(" x ")}`,
    "Have all scaled to one size: `images(…, size: [height, width])`.",
  );
}

/** Scales pictures; for each size that they come in, it prepares once. */
function scaler(): (picture: Picture, size: Sides) => Uint8Array {
  const prepared = new Map<string, Resize>();
  return ({ height, width, bytes }, size) => {
    const sides = `${height} x ${width}`;
    if (!prepared.has(sides)) prepared.set(sides, resizer([height, width], size));
    const into = new Uint8Array(size[0] * size[1]);
    prepared.get(sides)!(bytes, into);
    return into;
  };
}

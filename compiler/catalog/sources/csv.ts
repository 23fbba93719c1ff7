import { decodeText } from "../../text.js";
import { DataError } from "../data-error.js";
import { choice, count, list, optional, text } from "../parameter.js";
import { type DataHost, defineSource } from "../samples.js";
import { readTables, type Table } from "../table/samples.js";

export default defineSource({
  name: "csv",
  summary:
    "Your own readings in tables of text, a row a sample or a frame of a recording, plain or gzipped: one table with a column for the class, or a folder with a table, or a folder of tables, for each class.",
  parameters: {
    path: text("The table or the folder: beside the model, else in a data directory."),
    label: optional(text("The column with the class; left out when files and folders are named after their class."), ""),
    features: optional(list(text("A column."), "The columns with readings, in the order of the network's input; all others when left out.", 0), []),
    skip: optional(list(text("A column."), "Columns that hold no readings.", 0), []),
    shape: optional(list(count("A side."), "Of a row that is a whole sample, `[frames, features]`; else a row is one frame.", 0), []),
    set: optional(text("The column that says `train`, `validate` or `test`."), ""),
    recording: optional(text("A column that changes where another recording begins; blank lines, other classes and other files always do."), ""),
    test: optional(text("A table or folder to test with."), ""),
    header: optional(choice(["auto", "yes", "no"], "Whether first rows hold names; auto: if no field is a number. Columns without names are called by number, from \"1\"."), "auto"),
  },
  describe: ({ features, shape }) => (shape.length > 0 ? { shape } : features.length > 0 ? { shape: [features.length] } : {}),
  load: async (host, { path, test, ...settings }, classes) => {
    const tables = [...(await tablesAt(path, "train", settings.label, host)), ...(test === "" ? [] : await tablesAt(test, "test", settings.label, host))];
    return readTables(tables, { roles: settings, shape: settings.shape, classes, origin: test === "" ? path : `${path} and ${test}` });
  },
});

const isTable = (name: string): boolean => /\.(csv|tsv|txt)(\.gz)?$/i.test(name);

function textOf(bytes: Uint8Array, file: string): string {
  const decoded = decodeText(bytes);
  if ("text" in decoded) return decoded.text;
  throw new DataError(`cannot read ${file} as text: ${decoded.problem}`, `${decoded.remedy[0]!.toUpperCase()}${decoded.remedy.slice(1)}.`);
}

/** A file, or all tables of a folder and of the folders in it. */
async function tablesAt(path: string, set: Table["set"], label: string, host: DataHost): Promise<readonly Table[]> {
  const read = async (file: string, name: string): Promise<Table> => ({
    name: file,
    text: textOf(await host.own(file), file),
    set,
    ...(label === "" && { label: name }),
  });
  const names = await host.names(path);
  if (names === undefined) {
    const table = await read(path, "");
    if (label !== "") return [table];
    throw new DataError(`\`csv\` is not told the class of the rows of ${path}`, "Name the column that says it, `label: \"…\"`, or give a folder with a table for each class.");
  }
  const files = await Promise.all(names.map((name) => (name.endsWith("/") ? nested(path, name, host) : [{ file: `${path}/${name}`, name: name.replace(/\..*$/, "") }])));
  const tables = files.flat().filter(({ file }) => isTable(file));
  if (tables.length > 0) return Promise.all(tables.map(({ file, name }) => read(file, name)));
  throw new DataError(`the folder ${path} holds no tables`, "Put a .csv file, or a folder of them, for each class into it.");
}

const nested = async (path: string, folder: string, host: DataHost) =>
  ((await host.names(`${path}/${folder}`)) ?? []).map((name) => ({ file: `${path}/${folder}${name}`, name: folder.slice(0, -1) }));

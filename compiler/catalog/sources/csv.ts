import { decodeText } from "../../text.js";
import { findClassFiles, leftOut } from "../samples/class-folders.js";
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
    features: optional(
      list(text("A column."), "The columns with readings, in the order of the network's input; all others when left out.", 0),
      [],
    ),
    skip: optional(list(text("A column."), "Columns that hold no readings.", 0), []),
    shape: optional(list(count("A side."), "Of a row that is a whole sample, `[frames, features]`; else a row is one frame.", 0), []),
    set: optional(text("The column that says `train`, `validate` or `test`."), ""),
    recording: optional(
      text("A column that changes where another recording begins; blank lines, other classes and other files always do."),
      "",
    ),
    test: optional(text("A table or folder to test with."), ""),
    header: optional(
      choice(
        ["auto", "yes", "no"],
        'Whether first rows hold names; auto: if no field is a number. Columns without names are called by number, from "1".',
      ),
      "auto",
    ),
  },
  describe: ({ features, shape }) => ({
    values: "fractions",
    ...(shape.length > 0 ? { shape } : features.length > 0 && { shape: [features.length] }),
  }),
  load: async (host, { path, test, ...settings }, classes) => {
    const found = [
      await tablesAt(path, "train", settings.label, host),
      ...(test === "" ? [] : [await tablesAt(test, "test", settings.label, host)]),
    ];
    const read = readTables(
      found.flatMap(({ tables }) => tables),
      { roles: settings, shape: settings.shape, classes, origin: test === "" ? path : `${path} and ${test}` },
    );
    return { ...read, remarks: [...found.flatMap(({ remarks }) => remarks), ...(read.remarks ?? [])] };
  },
});

const tableEnding = /\.(csv|tsv|txt)(\.gz)?$/i;

function textOf(bytes: Uint8Array, file: string): string {
  const decoded = decodeText(bytes);
  if ("text" in decoded) return decoded.text;
  throw new DataError(`cannot read ${file} as text: ${decoded.problem}`, `${decoded.remedy[0]!.toUpperCase()}${decoded.remedy.slice(1)}.`);
}

/** The tables of one path, and what is to be said of those that were left out. */
interface Found {
  readonly tables: readonly Table[];
  readonly remarks: readonly string[];
}

/** A file, or all tables of a folder and of the folders in it. */
async function tablesAt(path: string, set: Table["set"], label: string, host: DataHost): Promise<Found> {
  const read = async (file: string, name: string): Promise<Table> => ({
    name: file,
    text: textOf(await host.own(file), file),
    set,
    ...(label === "" && { label: name }),
  });
  const found = await findClassFiles(
    path,
    host,
    (name) => tableEnding.test(name),
    (name) => name.replace(tableEnding, ""),
  );
  if (found === undefined) {
    const table = await read(path, "");
    if (label !== "") return { tables: [table], remarks: [] };
    throw new DataError(
      `\`csv\` is not told the class of the rows of ${path}`,
      'Name the column that says it, `label: "…"`, or give a folder with a table for each class.',
    );
  }
  const { files, empty, others } = found;
  if (files.length === 0) {
    throw new DataError(
      `the folder ${path} holds no tables`,
      "Put a .csv, .tsv or .txt file, or a folder of them, for each class into it.",
    );
  }
  if (label === "" && empty.length > 0) {
    throw new DataError(
      `the folder ${empty[0]} holds no tables`,
      `Put a .csv, .tsv or .txt file of the class ${JSON.stringify(empty[0]!.split("/").at(-1))} into it, or remove it.`,
    );
  }
  return { tables: await Promise.all(files.map(({ file, name }) => read(file, name))), remarks: leftOut(others, path, "table") };
}

import { DataError } from "../data-error.js";
import { idxFiles, readIdxSplits, type IdxFiles } from "../files/idx.js";
import { transposeImages } from "../image/transpose.js";
import { text } from "../parameter.js";
import { defineSource, type DataHost, type KnownFile, type RemoteArchive, type Samples, type Splits } from "../samples.js";

const digits = [..."0123456789"];
const capitals = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
// Small letters that look like their capitals are merged with them.
const merged = [...digits, ...capitals, ..."abdefghnqrt"];

/** The sets of Cohen et al. 2017 (arXiv:1702.05373); the labels of `letters` start at 1. */
const SETS: Readonly<Record<string, { readonly classes: readonly string[]; readonly firstLabel: number }>> = {
  balanced: { classes: merged, firstLabel: 0 },
  byclass: { classes: [...digits, ...capitals, ..."abcdefghijklmnopqrstuvwxyz"], firstLabel: 0 },
  bymerge: { classes: merged, firstLabel: 0 },
  digits: { classes: digits, firstLabel: 0 },
  letters: { classes: capitals, firstLabel: 1 },
  mnist: { classes: digits, firstLabel: 0 },
};

/** The official archive, "gzip.zip": all sets together. */
const ARCHIVE: RemoteArchive = {
  path: "emnist/gzip.zip",
  md5: "58c8d27c78d21e728a6bc7b3cc06412e",
  urls: ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip"],
  size: "535 MB",
};

/** One way in which a set is published. */
interface Edition {
  readonly files: IdxFiles<KnownFile>;
  /** Whether rows and columns are exchanged, as NIST has them. */
  readonly transposed: boolean;
  readonly origin: string;
}

const officialName = (set: string, stem: string): string => `emnist-${set}-${stem.replace("t10k", "test")}`;

const official = (set: string): Edition => ({
  files: idxFiles((stem) => ({
    path: `emnist/${officialName(set, stem)}`,
    elsewhere: ["EMNIST/raw", "EMNIST/raw/gzip", "emnist/gzip", "gzip"].map((folder) => `${folder}/${officialName(set, stem)}`),
  })),
  transposed: true,
  origin: `EMNIST ${set}, the official split`,
});

const POOLED_MD5 = {
  trainImages: "af7a3ce4f6febf5fd2dfa56c1e2f1731",
  trainLabels: "1d0dc6af29b6992ea2705a922eff3e6f",
  testImages: "9a3bb131e118f3889e564a2407576aeb",
  testLabels: "295e6871986952d851332303bf1028e0",
};

/** A pool of parts of several sets with the classes of `balanced`, without duplicates, upright. */
const pooled: Edition = {
  files: idxFiles((stem, role) => ({ path: `emnist-balanced47/${stem}`, md5: POOLED_MD5[role] })),
  transposed: false,
  origin: "EMNIST pooled in the classes of balanced (emnist-balanced47), NOT the official split: do not compare with published results",
};

async function readEdition(host: DataHost, { files, transposed, origin }: Edition, set: string): Promise<Splits | undefined> {
  if ((await host.found(files.trainLabels)) === undefined) return undefined;
  const read = async (file: KnownFile): Promise<Uint8Array> => {
    const bytes = await host.found(file);
    if (bytes === undefined) {
      throw new DataError(
        `${file.path} is missing, though ${files.trainLabels.path} is there`,
        "Put all four files of the set beside each other.",
      );
    }
    return bytes;
  };
  const { classes, firstLabel } = SETS[set]!;
  const upright = (samples: Samples): Samples => ({
    ...(transposed ? transposeImages(samples) : samples),
    labels: samples.labels.map((label) => label - firstLabel),
  });
  const { train, test } = await readIdxSplits(files, read, (file) => file.path);
  return { train: upright(train), test: upright(test), classes, origin };
}

async function readOfficial(host: DataHost, set: string): Promise<Splits> {
  const edition = official(set);
  await host.unpack(
    ARCHIVE,
    Object.values<KnownFile>({ ...edition.files }).map((file) => ({
      entry: `gzip/${file.path.replace("emnist/", "")}.gz`,
      file,
    })),
  );
  const splits = await readEdition(host, edition, set);
  if (splits === undefined) throw new Error(`${ARCHIVE.path} was unpacked, but its files are not found`);
  return splits;
}

export default defineSource({
  name: "emnist",
  summary: "Handwritten digits and letters, 28x28 bytes, white on black: balanced, byclass, bymerge, digits, letters or mnist.",
  parameters: { set: text('Which of its sets: "balanced" has 47 classes, "letters" 26, "digits" 10.') },
  describe: ({ set }) => ({ shape: [28, 28], values: "bytes", ...(Object.hasOwn(SETS, set) && { classes: SETS[set]!.classes }) }),
  load: async (host, { set }) => {
    if (!Object.hasOwn(SETS, set)) {
      throw new DataError(`EMNIST has no set "${set}"`, `Its sets: ${Object.keys(SETS).join(", ")}.`);
    }
    const editions = [official(set), ...(set === "balanced" ? [pooled] : [])];
    for (const edition of editions) {
      const splits = await readEdition(host, edition, set);
      if (splits !== undefined) return splits;
    }
    return readOfficial(host, set);
  },
});

/** A kind of file, told by its first bytes. */
export interface Signature {
  readonly is: (bytes: Uint8Array) => boolean;
  /** With its article, for a message. */
  readonly name: string;
  readonly remedy: string;
}

/** Whether bytes start so: texts as UTF-8, numbers as bytes. */
export const begins =
  (...start: readonly (number | string)[]) =>
  (bytes: Uint8Array): boolean =>
    start
      .flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]))
      .every((byte, i) => bytes[i] === byte);

export const beginsAt =
  (offset: number, text: string) =>
  (bytes: Uint8Array): boolean =>
    begins(text)(bytes.subarray(offset));

/** What lies where a file should be that was not fetched. */
export const standIns: readonly Signature[] = [
  {
    is: begins("version https://git-lfs"),
    name: "a pointer of Git LFS, and not the file that it stands for",
    remedy: "fetch the file itself: git lfs pull",
  },
  {
    is: (bytes) => /^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder("latin1").decode(bytes.slice(0, 200))),
    name: "a page of HTML: probably an error page that was downloaded in its place",
    remedy: "download the file itself",
  },
];

/** What stands in for a file of whatever kind; undefined for what may be the file itself. */
export const standInFor = (bytes: Uint8Array): Pick<Signature, "name" | "remedy"> | undefined => standIns.find(({ is }) => is(bytes));

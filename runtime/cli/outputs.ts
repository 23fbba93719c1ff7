import { createHash } from "node:crypto";
import { join } from "node:path";
import { exitCodes, Failure } from "../failure.js";
import { checkWritable, copyFile, fileExists, readBack, readText, unusedPath, wasRead, writeFile } from "../host.js";
import { tell } from "./terminal.js";

/** Refuses an output before the work that it is for: one that cannot be written, or is a file that this command reads. */
export function checkOutput(path: string): void {
  refuseInput(path);
  checkWritable(path);
}

function refuseInput(path: string): void {
  if (!wasRead(path)) return;
  throw new Failure(
    `${path} is read by this command, and would be replaced by what it writes`,
    "name another file for the output",
    exitCodes.usage,
  );
}

/** Copies weights that are about to be replaced to a name that is free, and says where they are. */
export function keepReplaced(path: string, wanted: string): void {
  const kept = unusedPath(wanted);
  copyFile(path, kept);
  tell(`the weights that were at ${path} are now ${kept}`);
}

/** The digests (SHA-256) of what was written into a folder last, by the path in it: whatever has another one is somebody's own. */
const manifestName = ".bnmc.json";

/**
 * Writes generated files into a folder. A file that is not as bnmc left it, since somebody changed it or put it there, is
 * kept beside the new one as `<name>.replaced`.
 */
export function writeGenerated(folder: string, files: Iterable<readonly [path: string, content: string | Uint8Array]>): void {
  const manifest = join(folder, manifestName);
  const before = digestsIn(manifest);
  const written: Record<string, string> = { ...before };
  for (const [path, content] of files) {
    const place = join(folder, path);
    written[path] = digestOf(content);
    refuseInput(place);
    if (fileExists(place)) {
      const found = digestOf(readBack(place));
      if (found === written[path]) continue;
      if (found !== before[path]) keepEdited(place);
    }
    writeFile(place, content);
  }
  writeFile(manifest, `${JSON.stringify(written, undefined, 2)}\n`);
}

function keepEdited(place: string): void {
  const kept = unusedPath(`${place}.replaced`);
  copyFile(place, kept);
  tell(`${place} was not as bnmc wrote it: it is now ${kept}`);
}

const digestOf = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** None where there is no manifest, or one that cannot be read. */
function digestsIn(manifest: string): Readonly<Record<string, string>> {
  try {
    return fileExists(manifest) ? (JSON.parse(readText(manifest)) as Record<string, string>) : {};
  } catch {
    return {};
  }
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "#compiler/catalog/data-error.js";
import type { RemoteArchive, RemoteFile } from "#compiler/catalog/samples.js";
import { dataHost, type DataHostOptions } from "./host.js";

const content = new TextEncoder().encode("the published bytes");
const packed = gzipSync(content);
const md5 = createHash("md5").update(content).digest("hex");
const file: RemoteFile = { path: "set/images", elsewhere: ["SET/raw/images"], md5, urls: [] };

let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bnmc-data-"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => (server.closeAllConnections(), server.close(done)))));
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const put = (path: string, bytes: Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};

const host = (environment: Readonly<Record<string, string>> = {}, options: Partial<DataHostOptions> = {}) =>
  dataHost({
    modelFolder: folder,
    environment: { XDG_CACHE_HOME: join(folder, "cache"), ...environment },
    patience: { patience: 300, retries: 1, pause: 5 },
    ...options,
  });

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

const cached = (): readonly string[] =>
  existsSync(join(folder, "cache")) ? readdirSync(join(folder, "cache"), { recursive: true, encoding: "utf8" }).sort() : [];

async function refusal(promise: Promise<unknown>): Promise<DataError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
}

describe("finding files", () => {
  it.each(["set/images", "set/images.gz", "SET/raw/images", "SET/raw/images.gz"])("reads %s", async (path) => {
    put(join("data", path), path.endsWith(".gz") ? packed : content);
    expect(text(await host({ BNMC_DATA: join(folder, "data") }).found(file))).toBe("the published bytes");
  });

  it("sees from the content what is packed", async () => {
    put("data/set/images", packed);
    expect(text(await host({ BNMC_DATA: join(folder, "data") }).published(file))).toBe("the published bytes");
  });

  it("prefers --data to BNMC_DATA, and that to the cache", async () => {
    for (const place of ["given", "environment", "cache/bnmc"]) put(`${place}/own`, Buffer.from(place));
    const known = { path: "own" };
    const read = async (options: Partial<DataHostOptions>, environment = {}) => text(await host(environment, options).found(known));
    const environment = { BNMC_DATA: join(folder, "environment") };
    expect(await read({ dataDirectory: join(folder, "given") }, environment)).toBe("given");
    expect(await read({}, environment)).toBe("environment");
    expect(await read({})).toBe("cache/bnmc");
  });

  it("refuses a file with other content instead of downloading over it", async () => {
    put("data/set/images", Buffer.from("something else"));
    const error = await refusal(host({ BNMC_DATA: join(folder, "data") }).published(file));
    expect(error.message).toMatch(/images is not the published file: .* not [0-9a-f]{32}/);
    expect(error.remedy).toContain("idx(");
  });

  it("says when a packed file is cut short", async () => {
    put("data/set/images.gz", packed.subarray(0, 20));
    expect((await refusal(host({ BNMC_DATA: join(folder, "data") }).found(file))).message).toContain("damaged gzip file");
  });

  it("refuses a --data that is no folder", () => {
    expect(() => host({}, { dataDirectory: join(folder, "nowhere") })).toThrow(DataError);
  });

  it("reads a user's own file beside the model, packed or not", async () => {
    put("mine.idx.gz", packed);
    expect(await host().own("mine.idx")).toEqual(await host().own("mine.idx.gz"));
    const missing = await refusal(host({ BNMC_DATA: join(folder, "data") }).own("other.idx"));
    expect(missing.message).toBe("there is no file other.idx");
    put("pointer.csv", Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"));
    put("page.npy", Buffer.from("<!DOCTYPE html><title>404</title>"));
    symlinkSync("loop.csv", join(folder, "loop.csv"));
    for (const [path, message] of [
      ["pointer.csv", /^pointer.csv is a pointer of Git LFS/],
      ["page.npy", /^page.npy is a page of HTML/],
      ["loop.csv", /^loop.csv is no file: it is a link that leads nowhere/],
      ["/dev/null", /^\/dev\/null is no file: it is a pipe or a device/],
    ] as const) {
      expect((await refusal(host().own(path))).message).toMatch(message);
    }
    expect(missing.remedy).toMatch(
      /Put it beside the model.*\nSearched: .* \(beside the model\)\nSearched: .*data \(BNMC_DATA; does not exist\)\n/,
    );
  });
});

describe("a user's own folder", () => {
  it("is found beside the model before a data directory, with what it holds", async () => {
    for (const path of ["data/set/b.csv", "data/set/a/1.png", "data/set/.hidden", "data/other/x.csv", "other/y.csv"]) put(path, content);
    const { names, own } = host({ BNMC_DATA: join(folder, "data") });
    expect(await names("set")).toEqual(["a/", "b.csv"]);
    expect(await names("other")).toEqual(["y.csv"]);
    expect(await names("set/b.csv")).toBeUndefined();
    expect(text(await own("set/b.csv"))).toBe("the published bytes");
  });

  it("is entered once, though links in it lead back", async () => {
    put("set/a/1.png", content);
    symlinkSync("..", join(folder, "set/a/back"));
    symlinkSync(".", join(folder, "set/a/same"));
    put("elsewhere/2.png", content);
    symlinkSync("../../elsewhere", join(folder, "set/a/more"));
    expect(await host().names("set/a/")).toEqual(["1.png", "more/"]);
  });
});

describe("downloading", () => {
  it("checks, keeps and reuses what it fetched", async () => {
    let requests = 0;
    const base = await serve((request, response) => {
      requests++;
      expect(request.url).toBe("/set/images.gz");
      response.end(packed);
    });
    const progress: number[] = [];
    const fetching = host({ BNMC_MIRROR: base }, { progress: (_, received) => progress.push(received) });
    expect(await fetching.published(file)).toEqual(await fetching.published(file));
    expect(requests).toBe(1);
    expect(progress.at(-1)).toBe(packed.length);
    expect(cached()).toEqual(["bnmc", "bnmc/set", "bnmc/set/images.gz"]);
  });

  it("goes to the next mirror when one fails", async () => {
    const good = await serve((_, response) => response.end(packed));
    const bad = await serve((_, response) => response.writeHead(404).end());
    const bytes = await host().published({ ...file, urls: [`${bad}/a.gz`, `${good}/b.gz`] });
    expect(bytes.length).toBe(content.length);
  });

  it("asks again after a failure that may pass", async () => {
    let requests = 0;
    const base = await serve((_, response) => (++requests === 1 ? response.writeHead(503).end() : response.end(packed)));
    expect((await host({ BNMC_MIRROR: base }).published(file)).length).toBe(content.length);
  });

  const failures: readonly (readonly [string, RequestListener, RegExp])[] = [
    ["a missing file", (_, response) => response.writeHead(404).end(), /HTTP 404/],
    ["a broken server", (_, response) => response.writeHead(500).end(), /HTTP 500/],
    ["other content", (_, response) => response.end(gzipSync("an error page")), /wrong content \(MD5/],
    ["a truncated packed file", (_, response) => response.end(packed.subarray(0, 25)), /damaged \(/],
    [
      "a lost connection",
      (_, response) => (
        response.writeHead(200, { "content-length": packed.length }).write(packed.subarray(0, 9)),
        setTimeout(() => response.destroy(), 20)
      ),
      /connection lost/,
    ],
    ["a server that hangs at once", () => undefined, /no answer for 0.3 s/],
    ["a server that hangs half way", (_, response) => response.write(packed.subarray(0, 9)), /no answer for 0.3 s/],
  ];

  it.each(failures)("reports %s, keeps nothing, and says where it searched", async (_, answer, expected) => {
    const base = await serve(answer);
    const error = await refusal(host({ BNMC_MIRROR: base, BNMC_DATA: join(folder, "nowhere") }).published(file));
    expect(error.message).toBe("cannot get set/images.gz: no data directory has it, and downloading failed");
    expect(error.remedy).toMatch(expected);
    expect(error.remedy).toContain(`Tried: ${base}/set/images.gz`);
    expect(error.remedy).toContain(`Searched: ${join(folder, "nowhere")} (BNMC_DATA; does not exist)`);
    expect(error.remedy).toContain(`Searched: ${join(folder, "cache", "bnmc")} (cache`);
    expect(cached()).toEqual([]);
  });

  it("reports a refused connection", async () => {
    const base = await serve(() => undefined);
    await new Promise((done) => servers.pop()!.close(done));
    expect((await refusal(host({ BNMC_MIRROR: base }).published(file))).remedy).toContain("connection refused");
  });

  it("uses a download that it cannot keep", async () => {
    put("cache/bnmc/set/images.gz/a folder where the file should be", content);
    const base = await serve((_, response) => response.end(packed));
    const lines: string[] = [];
    const bytes = await host({ BNMC_MIRROR: base }, { report: (line) => lines.push(line) }).published(file);
    expect(bytes.length).toBe(content.length);
    expect(lines.at(-1)).toMatch(/cannot write .*not kept/);
  });
});

describe("unpacking archives", () => {
  // Made by Python's zipfile: folder/plain.gz is stored, folder/text deflated; with a comment at the end.
  const zip = Buffer.from(
    "UEsDBBQAAAAAAAAAIVC+6yD1IwAAACMAAAAPAAAAZm9sZGVyL3BsYWluLmd6H4sIAAAAAAACAysuyS9KTVFILFbILFHILAYAZXjRWg8AAABQSwMEFAAAAAgA" +
      "AAAhUMndkLURAAAA9AEAAAsABgBmb2xkZXIvdGV4dJmZAgBoaUtMT8zMU0jMS1FIHGWNEBYAUEsBAhQDFAAAAAAAAAAhUL7rIPUjAAAAIwAAAA8AAAAAAAAA" +
      "AAAAAIABAAAAAGZvbGRlci9wbGFpbi5nelBLAQIUAxQAAAAIAAAAIVDJ3ZC1EQAAAPQBAAALAAYAAAAAAAAAAACAAVAAAABmb2xkZXIvdGV4dJmZAgBoaVBL" +
      "BQYAAAAAAgACAHwAAACQAAAACQBhIGNvbW1lbnQ=",
    "base64",
  );
  const archive: RemoteArchive = {
    path: "set/all.zip",
    md5: createHash("md5").update(zip).digest("hex"),
    urls: [],
    size: "1 kB",
  };
  const [plain, deflated] = [{ path: "set/plain" }, { path: "set/text" }];
  const entries = [
    { entry: "folder/plain.gz", file: plain },
    { entry: "folder/text", file: deflated },
  ];

  it("downloads, checks and unpacks the entries that are wanted, and keeps the archive for others", async () => {
    let requests = 0;
    const base = await serve((_, response) => (requests++, response.end(zip)));
    const fetching = host({ BNMC_MIRROR: base });
    await fetching.unpack(archive, entries);
    await fetching.unpack(archive, entries);
    expect(requests).toBe(1);
    expect(text(await fetching.found(plain))).toBe("stored as it is");
    expect(text(await fetching.found(deflated))).toBe("again and ".repeat(50));
    expect(cached()).toEqual(["bnmc", "bnmc/set", "bnmc/set/all.zip", "bnmc/set/plain.gz", "bnmc/set/text.gz"]);
  });

  it("uses an archive from a data directory, if it is the published one", async () => {
    put("data/set/all.zip", zip);
    const environment = { BNMC_DATA: join(folder, "data") };
    await host(environment).unpack(archive, entries);
    expect(text(await host(environment).found(plain))).toBe("stored as it is");
    put("data/set/all.zip", zip.subarray(0, 99));
    expect((await refusal(host(environment).unpack(archive, entries))).message).toContain("is not the published archive");
  });

  it("asks again when the connection is lost, and starts over", async () => {
    let requests = 0;
    const base = await serve((_, response) => {
      if (++requests > 1) return void response.end(zip);
      response.writeHead(200, { "content-length": 10 * zip.length }).write(Buffer.concat([zip, zip]));
      setTimeout(() => response.destroy(), 20);
    });
    await host({ BNMC_MIRROR: base }).unpack(archive, entries);
    expect(requests).toBe(2);
  });

  it("keeps nothing of a wrong download, and says where to put the right one", async () => {
    const base = await serve((_, response) => response.end("an error page"));
    const error = await refusal(host({ BNMC_MIRROR: base }).unpack(archive, entries));
    expect(error.remedy).toMatch(/Put set\/all.zip into .*\n.*\n.*\n?.*wrong content/s);
    expect(cached()).toEqual(["bnmc", "bnmc/set"]);
  });

  const damages: readonly (readonly [string, Buffer, RegExp])[] = [
    ["a missing entry", zip, /it has no entry other/],
    ["no directory", zip.subarray(0, 60), /it has no directory/],
    ["a damaged directory", Buffer.concat([zip.subarray(0, 40), zip.subarray(60)]), /directory|too early/],
    ["an empty file", Buffer.alloc(0), /it has no directory/],
  ];
  it.each(damages)("refuses %s", async (_, bytes, message) => {
    put("data/set/all.zip", bytes);
    const wanted = { ...archive, md5: createHash("md5").update(bytes).digest("hex") };
    const unpacking = host({ BNMC_DATA: join(folder, "data") }).unpack(wanted, [{ entry: "other", file: plain }]);
    expect((await refusal(unpacking)).message).toMatch(message);
  });
});

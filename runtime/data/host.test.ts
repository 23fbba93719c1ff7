import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "#compiler/catalog/data-error.js";
import type { RemoteFile } from "#compiler/catalog/samples.js";
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

const cached = (): readonly string[] => (existsSync(join(folder, "cache")) ? readdirSync(join(folder, "cache"), { recursive: true, encoding: "utf8" }).sort() : []);

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
    expect((await refusal(host().own("other.idx"))).message).toContain("other.idx: there is no such file");
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
    ["a lost connection", (_, response) => (response.writeHead(200, { "content-length": packed.length }).write(packed.subarray(0, 9)), setTimeout(() => response.destroy(), 20)), /connection lost/],
    ["a server that hangs at once", () => undefined, /no answer for 0.3 s/],
    ["a server that hangs half way", (_, response) => response.write(packed.subarray(0, 9)), /no answer for 0.3 s/],
  ];

  it.each(failures)("reports %s, keeps nothing, and says where it searched", async (_, answer, expected) => {
    const base = await serve(answer);
    const error = await refusal(host({ BNMC_MIRROR: base, BNMC_DATA: join(folder, "nowhere") }).published(file));
    expect(error.message).toBe("cannot get set/images: no data directory has it, and downloading failed");
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

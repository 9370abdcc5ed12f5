import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3ForTest, s3Keys, startS3 } from "../testing/start-s3.ts";
import { fetchFromS3, type S3Access } from "./fetch-from-s3.ts";

const stack = new AsyncDisposableStack();
let folder: string;
let s3: S3ForTest;
let targets = 0;

beforeAll(async () => {
  folder = stack.use(await temporaryDirectory()).path;
  s3 = stack.use(await startS3(join(folder, "s3"), ["trips", "other"]));
  await s3.put("trips", "2026/a.csv", "a\n1\n");
});
afterAll(() => stack.disposeAsync());

function get(bucket: string, key: string, changes: Partial<S3Access> = {}, more: object = {}) {
  const target = join(folder, `target-${targets++}`);
  const access: S3Access = {
    endpoint: s3.endpoint,
    region: "us-east-1",
    credentials: { ...s3Keys, sessionToken: undefined },
    pathStyle: true,
    buckets: [],
    ...changes,
  };
  const fetched = fetchFromS3({ bucket, key }, access, {
    uri: `s3://${bucket}/${key}`,
    target,
    bytesLeft: 1000,
    bytesMax: 1000,
    ratioMax: 100,
    signal: new AbortController().signal,
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    allowPrivateHosts: true,
    fetchTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    ...more,
  });
  return fetched.then(async (taken) => ({ ...taken, text: await readFile(target, "utf8") }));
}

test("an object is fetched with its size and digest", async () => {
  expect(await get("trips", "2026/a.csv")).toMatchObject({
    text: "a\n1\n",
    sizeBytes: 4,
    digest: expect.stringMatching(/^sha256:/u),
  });
});

test.each(["a b+c&d=e?f#g%20.csv", "Köln/ü~!'()*.csv", "part=1/@:,;$.csv", "100%.csv"])(
  "a key is taken as it is: %s",
  async (key) => {
    await s3.put("trips", key, key);
    expect((await get("trips", key)).text).toBe(key);
  },
);

test("what is missing is named: the object, or the bucket", async () => {
  const missing = { code: "OBJECT_MISSING", again: false };
  await expect(get("trips", "2026/none.csv")).rejects.toMatchObject({
    ...missing,
    message: expect.stringContaining("no such object"),
  });
  await expect(get("no-such-bucket", "a.csv")).rejects.toMatchObject({
    ...missing,
    message: expect.stringContaining("no such bucket"),
  });
});

test("a key without permission is told what to allow", async () => {
  const credentials = { accessKeyId: "NOBODY", secretAccessKey: "x", sessionToken: undefined };
  await expect(get("trips", "2026/a.csv", { credentials })).rejects.toMatchObject({
    code: "BUCKET_FORBIDDEN",
    message: expect.stringMatching(/InvalidAccessKeyId|XAdminUserNotFound/u),
    whatToDo: expect.stringContaining("CASCADE_S3_ACCESS_KEY_ID"),
  });
  const wrong = { ...s3Keys, secretAccessKey: "wrong", sessionToken: undefined };
  await expect(get("trips", "2026/a.csv", { credentials: wrong })).rejects.toMatchObject({
    code: "BUCKET_FORBIDDEN",
    message: expect.stringContaining("SignatureDoesNotMatch"),
  });
});

test("only allowed buckets are asked for, and only at an allowed address", async () => {
  await expect(get("other", "a.csv", { buckets: ["trips"] })).rejects.toMatchObject({ code: "URI_REFUSED" });
  await expect(get("trips", "2026/a.csv", {}, { allowPrivateHosts: false })).rejects.toMatchObject({
    code: "URI_REFUSED",
    message: expect.stringContaining("public internet"),
  });
});

test("an object that is too large is not fetched to its end", async () => {
  await s3.put("trips", "large.csv", "x".repeat(2000));
  await expect(get("trips", "large.csv")).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test("a bucket as part of the host's name, a region's redirect and a store that stalls", async () => {
  const hosts: (string | undefined)[] = [];
  const server = createServer(({ headers, url }, response) => {
    hosts.push(headers.host);
    if (url === "/moved") response.writeHead(301, { location: "http://127.0.0.1/" }).end();
    else if (url === "/busy") response.writeHead(503).end("<Code>SlowDown</Code>");
    else response.write("a");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const access = { endpoint: `http://s3.example:${port}`, pathStyle: false };
  try {
    await expect(get("trips", "moved", access)).rejects.toMatchObject({ code: "BUCKET_ELSEWHERE" });
    await expect(get("trips", "busy", access)).rejects.toMatchObject({ code: "FETCH_FAILED", again: true });
    await expect(get("trips", "slow", access, { idleTimeoutMs: 50 })).rejects.toMatchObject({
      code: "FETCH_TIMEOUT",
      again: true,
    });
    expect(hosts[0]).toBe(`trips.s3.example:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

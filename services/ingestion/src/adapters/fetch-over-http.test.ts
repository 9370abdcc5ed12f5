import { readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FetchOptions, fetchOverHttp } from "./fetch-over-http.ts";

const stack = new AsyncDisposableStack();
let folder: string;
beforeAll(async () => {
  folder = stack.use(await temporaryDirectory()).path;
});
afterAll(() => stack.disposeAsync());

/** A host that answers as told, until it is disposed of. */
async function host(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the host has no port");
  return {
    port: address.port,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const never = new AbortController().signal;

function fetchFrom(url: string, changes: Partial<FetchOptions> = {}) {
  return fetchOverHttp(new URL(url), {
    uri: url,
    target: join(folder, "fetched"),
    bytesLeft: 1000,
    bytesMax: 1000,
    ratioMax: 10,
    signal: never,
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    allowPrivateHosts: true,
    fetchTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    ...changes,
  }).finally(() => changes.target ?? rm(join(folder, "fetched"), { force: true }));
}

test("a name is resolved once, and the connection goes to that address", async () => {
  using server = await host(({ headers }, response) => response.end(`asked for ${headers.host}`));
  let resolved = 0;
  const target = join(folder, "pinned");
  const taken = await fetchFrom(`http://data.example:${server.port}/a`, {
    target,
    resolve: async () => {
      resolved += 1;
      return [{ address: "127.0.0.1", family: 4 }];
    },
  });
  expect(await readFile(target, "utf8")).toBe(`asked for data.example:${server.port}`);
  expect(resolved).toBe(1);
  expect(taken).toMatchObject({ sizeBytes: 27 + 1, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u) });
});

test.each([
  ["http://127.0.0.1:1/a", []],
  ["http://2130706433/a", []],
  ["http://0x7f.1/a", []],
  ["http://[::ffff:127.0.0.1]/a", []],
  ["http://169.254.169.254/latest/meta-data", []],
  ["http://inside.example/a", ["10.0.0.1"]],
  ["http://mixed.example/a", ["8.8.8.8", "127.0.0.1"]],
])("%s, which is not of the public internet, is refused before anything is sent", async (url, addresses) => {
  const resolve = async () => addresses.map((address) => ({ address, family: 4 }));
  await expect(fetchFrom(url, { allowPrivateHosts: false, resolve })).rejects.toMatchObject({
    code: "URI_REFUSED",
    again: false,
    whatToDo: expect.stringContaining("CASCADE_INGEST_ALLOW_PRIVATE_HOSTS"),
  });
});

test("a redirect is refused", async () => {
  using server = await host((_request, response) =>
    response.writeHead(302, { location: "http://127.0.0.1/" }).end(),
  );
  await expect(fetchFrom(`http://x.example:${server.port}/`)).rejects.toMatchObject({
    code: "URI_REFUSED",
    again: false,
  });
});

test.each([
  [404, false],
  [403, false],
  [429, true],
  [503, true],
])("an answer of %i is a failure; whether it is tried again: %s", async (status, again) => {
  using server = await host((_request, response) => response.writeHead(status).end());
  await expect(fetchFrom(`http://x.example:${server.port}/`)).rejects.toMatchObject({
    code: "FETCH_FAILED",
    again,
  });
});

test("more bytes than are left end the fetch, announced or not", async () => {
  using endless = await host((_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(500)));
    };
    response.on("drain", more);
    more();
  });
  await expect(fetchFrom(`http://x.example:${endless.port}/`)).rejects.toMatchObject({ code: "TOO_LARGE" });
  using announced = await host((_request, response) => {
    response.writeHead(200, { "content-length": "2000" });
    response.flushHeaders();
  });
  await expect(fetchFrom(`http://x.example:${announced.port}/`)).rejects.toMatchObject({
    code: "TOO_LARGE",
  });
});

test("a host that says nothing, and one that never ends, run into a time limit", async () => {
  using silent = await host(() => {});
  await expect(fetchFrom(`http://x.example:${silent.port}/`, { idleTimeoutMs: 50 })).rejects.toMatchObject({
    code: "FETCH_TIMEOUT",
    again: true,
  });
  using stalled = await host((_request, response) => response.write("a,b\n"));
  await expect(fetchFrom(`http://x.example:${stalled.port}/`, { idleTimeoutMs: 50 })).rejects.toMatchObject({
    code: "FETCH_TIMEOUT",
  });
  await expect(fetchFrom(`http://x.example:${stalled.port}/`, { fetchTimeoutMs: 50 })).rejects.toMatchObject({
    code: "FETCH_TIMEOUT",
  });
});

test("an answer that breaks off, and a host that is away, are tried again", async () => {
  using broken = await host((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("a,b\n", () => response.destroy());
  });
  await expect(fetchFrom(`http://x.example:${broken.port}/`)).rejects.toMatchObject({
    code: "FETCH_FAILED",
    again: true,
  });
  const away = `http://x.example:${broken.port}/`;
  broken[Symbol.dispose]();
  await expect(fetchFrom(away)).rejects.toMatchObject({ code: "FETCH_FAILED", again: true });
});

test("a host that switches to another protocol has given no answer", async () => {
  using server = await host(({ socket }) =>
    socket.end("HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
  );
  await expect(fetchFrom(`http://x.example:${server.port}/`)).rejects.toMatchObject({
    code: "FETCH_FAILED",
    again: true,
  });
});

test("compressed answers are refused, because they have no limit that we could know", async () => {
  using server = await host((_request, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
  );
  await expect(fetchFrom(`http://x.example:${server.port}/`)).rejects.toMatchObject({
    code: "FETCH_FAILED",
    again: false,
  });
});

test("the runtime's own signal ends a fetch without a verdict on the data", async () => {
  using server = await host(() => {});
  const stop = new AbortController();
  const fetching = fetchFrom(`http://x.example:${server.port}/`, { signal: stop.signal });
  stop.abort(new Error("the service is stopping"));
  await expect(fetching).rejects.not.toHaveProperty("whatToDo");
});

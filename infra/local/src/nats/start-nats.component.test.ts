import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { expect, test, vi } from "vitest";
import { startInOwner } from "../process/owner-for-test.ts";
import { chooseFreePort } from "../process/ports.ts";
import { childrenOf, commandLineOf, startOf, waitUntilEnded } from "../process/process-table.ts";
import { findNatsServer } from "./find-nats-server.ts";
import { type NatsOptions, startNats } from "./start-nats.ts";

async function setUp() {
  const { path: binary } = await findNatsServer({ environment: process.env });
  const directory = await mkdtempDisposable(join(tmpdir(), "cascade-test-"));
  return {
    options: { directory: directory.path, port: 0, binary, durable: false },
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}

async function start(options: NatsOptions) {
  const nats = await startNats(options);
  return { nats, [Symbol.asyncDispose]: () => nats.stop() };
}

async function ask(url: string): Promise<string> {
  const connection = await connect({ servers: url, reconnect: false, timeout: 3000 });
  try {
    return (await connection.request("$JS.API.INFO", undefined, { timeout: 3000 })).string();
  } finally {
    await connection.close();
  }
}

test("a started server answers, keeps its files in its directory and leaves no note when stopped", async () => {
  await using given = await setUp();
  {
    await using started = await start(given.options);
    expect(await ask(started.nats.url)).toContain("account_info_response");
    expect(await readdir(given.options.directory)).toContain("nats.pid.json");
  }
  expect((await readdir(given.options.directory)).toSorted()).toEqual([
    "nats-server.conf",
    "nats.log",
    "store",
  ]);
});

test("a durable server flushes each message", async () => {
  await using given = await setUp();
  await using _ = await start({ ...given.options, durable: true });
  const config = await readFile(join(given.options.directory, "nats-server.conf"), "utf8");
  expect(JSON.parse(config)).toMatchObject({
    jetstream: { sync_interval: "always" },
    max_payload: 1_048_576,
  });
});

test("the monitor answers when a port is given for it", async () => {
  await using given = await setUp();
  const monitorPort = await chooseFreePort("127.0.0.1");
  await using _ = await start({ ...given.options, monitorPort });
  expect(await (await fetch(`http://127.0.0.1:${monitorPort}/healthz`)).json()).toEqual({ status: "ok" });
});

test("a port that is taken is named together with its setting", async () => {
  await using given = await setUp();
  const port = await chooseFreePort("127.0.0.1");
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  try {
    const attempt = startNats({ ...given.options, port });
    await expect(attempt).rejects.toMatchObject({ code: "PORT_TAKEN" });
    await expect(attempt).rejects.toThrow(new RegExp(`${port}.*CASCADE_NATS_PORT`));
    const monitored = startNats({ ...given.options, monitorPort: port });
    await expect(monitored).rejects.toThrow(new RegExp(`${port}.*monitorPort`));
  } finally {
    other.close();
  }
});

test("a second server on the same directory is refused while the first one runs", async () => {
  await using given = await setUp();
  await using started = await start(given.options);
  await expect(startNats(given.options)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  expect(await ask(started.nats.url)).toContain("account_info_response");
});

test("a server that ends at once fails with what it said", async () => {
  await using given = await setUp();
  // Where the store should be is a file.
  await writeFile(join(given.options.directory, "store"), "");
  const attempt = startNats(given.options);
  await expect(attempt).rejects.toMatchObject({ code: "SERVER_DID_NOT_START" });
  await expect(attempt).rejects.toThrow(/ended with code 1\. The end of .*nats\.log.*\n.*storage/is);
});

test("a program that cannot be run is an error with the program's name", async () => {
  await using given = await setUp();
  const attempt = startNats({ ...given.options, binary: "/nowhere/nats-server" });
  await expect(attempt).rejects.toMatchObject({ code: "SERVER_DID_NOT_START" });
  await expect(attempt).rejects.toThrow("/nowhere/nats-server");
});

test("an end that nobody asked for is told, one that was asked for is not", async () => {
  await using given = await setUp();
  const onExit = vi.fn();
  await using started = await start({ ...given.options, onExit });
  await started.nats.restart();
  await started.nats.kill();
  await started.nats.restart();
  expect(onExit).not.toHaveBeenCalled();
  process.kill(started.nats.pid, "SIGKILL");
  await expect.poll(() => onExit.mock.calls).toEqual([["was ended by SIGKILL"]]);
});

test("a server ends when its owner is killed", async () => {
  await using given = await setUp();
  await using owned = await startInOwner("startNats", given.options);
  expect(await startOf(owned.pid)).toBeDefined();
  await owned.killOwner();
  expect(await waitUntilEnded([owned.pid], 10_000)).toBe(true);
});

test("a server that has lost its owner and its watcher is ended by the next start", async () => {
  await using given = await setUp();
  const port = await chooseFreePort("127.0.0.1");
  await using owned = await startInOwner("startNats", { ...given.options, port });
  for (const child of await childrenOf(owned.ownerPid)) {
    if ((await commandLineOf(child)).startsWith("/bin/sh")) process.kill(child, "SIGKILL");
  }
  await owned.killOwner();
  expect(await startOf(owned.pid)).toBeDefined();

  await using started = await start({ ...given.options, port });
  expect(await startOf(owned.pid)).toBeUndefined();
  expect(started.nats.pid).not.toBe(owned.pid);
});

test("a note about a process that is something else by now harms nobody", async () => {
  await using given = await setUp();
  const note = { pid: process.ppid, startedAt: "long ago" };
  await writeFile(
    join(given.options.directory, "nats.pid.json"),
    JSON.stringify({ server: note, owner: note }),
  );
  await using _ = await start(given.options);
  expect(await startOf(process.ppid)).toBeDefined();
});

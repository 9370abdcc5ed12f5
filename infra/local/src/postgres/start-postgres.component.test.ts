import {
  chmod,
  lstat,
  mkdir,
  mkdtempDisposable,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { startInOwner } from "../process/owner-for-test.ts";
import { chooseFreePort } from "../process/ports.ts";
import { childrenOf, commandLineOf, startOf, waitUntilEnded } from "../process/process-table.ts";
import { type PostgresOptions, startPostgres } from "./start-postgres.ts";

async function setUp(mode = 0o711) {
  const parent = await mkdtempDisposable(join(tmpdir(), "cascade-test-"));
  await chmod(parent.path, mode);
  return {
    options: { directory: join(parent.path, "postgres"), port: 0, durable: false },
    [Symbol.asyncDispose]: () => parent.remove(),
  };
}

async function start(options: PostgresOptions) {
  const postgres = await startPostgres(options);
  return { postgres, [Symbol.asyncDispose]: () => postgres.stop() };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("what was committed outlives a crash of the server", async () => {
  await using given = await setUp();
  await using started = await start(given.options);
  const { adminUrl } = started.postgres;
  await query(adminUrl, "create table facts as select 1 as id");
  await started.postgres.kill();
  await expect(query(adminUrl, "select 1")).rejects.toThrow("ECONNREFUSED");
  await started.postgres.restart();
  expect(await query(adminUrl, "select id from facts")).toEqual([{ id: 1 }]);
});

test("a crash ends the server's statements too", async () => {
  await using given = await setUp();
  await using started = await start(given.options);
  const running = query(started.postgres.adminUrl, "select pg_sleep(3600)");
  const outcome = expect(running).rejects.toThrow("Connection terminated");
  await expect
    .poll(() =>
      query(started.postgres.adminUrl, "select 1 from pg_stat_activity where query ~ '^select pg_sleep'"),
    )
    .toHaveLength(1);
  await started.postgres.kill();
  await outcome;
  await started.postgres.restart();
});

test("data and password outlive a stop, and the limits are as said", async () => {
  await using given = await setUp();
  {
    await using first = await start(given.options);
    await query(first.postgres.adminUrl, "create table facts as select 1 as id");
  }
  await using second = await start({ ...given.options, connectionsMax: 50 });
  expect(await query(second.postgres.adminUrl, "select id from facts")).toEqual([{ id: 1 }]);
  expect(await query(second.postgres.adminUrl, "show max_connections")).toEqual([{ max_connections: "50" }]);
  expect(await query(second.postgres.adminUrl, "show unix_socket_directories")).toEqual([
    { unix_socket_directories: "" },
  ]);
});

test("durability is on unless it is turned off", async () => {
  await using given = await setUp();
  {
    await using fast = await start(given.options);
    expect(await query(fast.postgres.adminUrl, "show fsync")).toEqual([{ fsync: "off" }]);
  }
  await using safe = await start({ ...given.options, durable: true });
  expect(await query(safe.postgres.adminUrl, "show fsync")).toEqual([{ fsync: "on" }]);
});

test("another password than the one the data were made with is refused with advice", async () => {
  await using given = await setUp();
  {
    await using _ = await start({ ...given.options, password: "first: /@?" });
  }
  const attempt = startPostgres({ ...given.options, password: "second" });
  await expect(attempt).rejects.toMatchObject({ code: "POSTGRES_PASSWORD_REJECTED" });
  await using again = await start({ ...given.options, password: "first: /@?" });
  expect(await query(again.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a port that is taken is named together with its setting", async () => {
  await using given = await setUp();
  const port = await chooseFreePort("127.0.0.1");
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  try {
    const attempt = startPostgres({ ...given.options, port });
    await expect(attempt).rejects.toMatchObject({ code: "PORT_TAKEN" });
    await expect(attempt).rejects.toThrow(new RegExp(`${port}.*CASCADE_POSTGRES_PORT`));
  } finally {
    other.close();
  }
});

test("a second server on the same directory is refused while the first one runs", async () => {
  await using given = await setUp();
  await using started = await start(given.options);
  await expect(startPostgres(given.options)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  expect(await query(started.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("an end that nobody asked for is told, and the server can be started again", async () => {
  await using given = await setUp();
  const onExit = vi.fn();
  await using started = await start({ ...given.options, onExit });
  process.kill(started.postgres.pid, "SIGKILL");
  await expect.poll(() => onExit.mock.calls).toEqual([["was ended by SIGKILL"]]);
  await started.postgres.restart();
  expect(await query(started.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a creation that was cut off is begun anew", async () => {
  await using given = await setUp();
  const half = join(given.options.directory, "data.partial");
  await mkdir(half, { recursive: true });
  await writeFile(join(half, "PG_VERSION"), "18\n");
  await using started = await start(given.options);
  expect(await query(started.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await expect(stat(half)).rejects.toThrow("ENOENT");
});

test("a note of a server that is gone, whose process id is used again, does not hinder the start", async () => {
  await using given = await setUp();
  {
    await using _ = await start(given.options);
  }
  const data = await realpath(join(given.options.directory, "data"));
  await writeFile(join(data, "postmaster.pid"), `${process.ppid}\n${data}\n`);
  await using _ = await start(given.options);
  expect(await startOf(process.ppid)).toBeDefined();
});

test("a server ends when its owner is killed, and its data are good", async () => {
  await using given = await setUp();
  {
    await using owned = await startInOwner("startPostgres", given.options);
    await owned.killOwner();
    expect(await waitUntilEnded([owned.pid], 10_000)).toBe(true);
  }
  await using _ = await start(given.options);
  const log = await readFile(join(given.options.directory, "postgres.log"), "utf8");
  expect(log).toContain("database system is shut down");
  expect(log).not.toContain("not properly shut down");
});

test("a server that has lost its owner and its watcher is ended by the next start", async () => {
  await using given = await setUp();
  await using owned = await startInOwner("startPostgres", given.options);
  for (const child of await childrenOf(owned.ownerPid)) {
    if ((await commandLineOf(child)).startsWith("/bin/sh")) process.kill(child, "SIGKILL");
  }
  await owned.killOwner();
  // Even without the note of who started it.
  await rm(join(given.options.directory, "postgres.pid.json"));
  await using started = await start(given.options);
  expect(await startOf(owned.pid)).toBeUndefined();
  expect(await query(started.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)("for root, data below a closed folder are kept elsewhere behind a link", async () => {
  await using given = await setUp(0o700);
  const link = join(given.options.directory, "data");
  {
    await using started = await start(given.options);
    await query(started.postgres.adminUrl, "create table facts as select 1 as id");
  }
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  {
    await using again = await start(given.options);
    expect(await query(again.postgres.adminUrl, "select id from facts")).toEqual([{ id: 1 }]);
  }
  const first = await realpath(link);
  await rm(link);
  {
    await using anew = await start(given.options);
    await expect(query(anew.postgres.adminUrl, "select id from facts")).rejects.toThrow("does not exist");
  }
  // Temporary data that nothing leads to are removed when others are made.
  await expect(stat(dirname(first))).rejects.toThrow("ENOENT");

  const second = await realpath(link);
  await rm(second, { recursive: true });
  await using repaired = await start(given.options);
  expect(await query(repaired.postgres.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await repaired.postgres.stop();
  await rm(dirname(await realpath(link)), { recursive: true });
});

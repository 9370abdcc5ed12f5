import { eventually, testDatabase, testPostgres, testProxy } from "@cascade/testing";
import { expect, test } from "vitest";
import { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
import { isConnectionError } from "./errors.ts";

type Opened = Database & AsyncDisposable & { readonly lost: Error[] };

function open(url: string, options: Partial<DatabaseOptions> = {}): Opened {
  const lost: Error[] = [];
  const database = openDatabase({
    url,
    schema: "public",
    applicationName: "test",
    onError: (error) => lost.push(error),
    ...options,
  });
  return { ...database, lost, [Symbol.asyncDispose]: database.close };
}

test("what a transaction did is there after it, and nothing of one that failed", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  await database.query("create table seen (name text)");
  await database.transaction((tx) => tx.query("insert into seen values ('kept')"));
  const failure = database.transaction(async (tx) => {
    await tx.query("insert into seen values ('lost')");
    throw new Error("changed my mind");
  });
  await expect(failure).rejects.toThrow("changed my mind");
  expect((await database.query("select name from seen")).rows).toEqual([{ name: "kept" }]);
});

test("a transaction whose failed statement was caught is an error, for it commits nothing", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  const swallowing = database.transaction(async (tx) => {
    await tx.query("select 1 / 0").catch(() => {});
    return "done";
  });
  await expect(swallowing).rejects.toMatchObject({ code: "TRANSACTION_ABORTED" });
});

test("a statement that comes after its transaction is refused", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  const tx = await database.transaction(async (tx) => ({ late: () => tx.query("select 1") }));
  await expect(tx.late()).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
});

test("an error of a statement is no connection error, and its connection is used again", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { poolSize: 1 });
  const pid = async () => (await database.query("select pg_backend_pid() as pid")).rows[0]?.pid;
  const before = await pid();
  const error: unknown = await database.query("select * from nowhere").catch((error) => error);
  expect(error).toMatchObject({ code: "42P01" });
  expect(isConnectionError(error)).toBe(false);
  expect(await pid()).toBe(before);
});

test("names are looked up in the schema alone, whatever its name", async () => {
  await using server = await testDatabase();
  const schema = 'my "own" \\ schema';
  await using admin = open(server.adminUrl);
  await admin.query(`create schema "my ""own"" \\ schema"`);
  await using database = open(server.adminUrl, { schema });
  await database.query("create table things (id int)");
  const { rows } = await admin.query(
    "select table_schema from information_schema.tables where table_name = 'things'",
  );
  expect(rows).toEqual([{ table_schema: schema }]);
});

test("big integers are numbers where they fit, days are texts and json is parsed", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  const { rows } = await database.query(
    `select 9007199254740991::int8 as big, array[1, null]::int8[] as bigs, date '2026-11-24' as day,
      '{"a": [1]}'::jsonb as parsed, timestamptz '2026-11-24T00:00:00Z' as instant`,
  );
  expect(rows).toEqual([
    {
      big: 9007199254740991,
      bigs: [1, null],
      day: "2026-11-24",
      parsed: { a: [1] },
      instant: new Date("2026-11-24T00:00:00Z"),
    },
  ]);
  await expect(database.query("select 9007199254740993::int8")).rejects.toThrow("does not fit");
  await expect(database.query("select 1 as still_works")).resolves.toMatchObject({ rowCount: 1 });
});

test("a statement that takes too long is ended", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { statementTimeoutMs: 100 });
  const error: unknown = await database.query("select pg_sleep(60)").catch((error) => error);
  expect(error).toMatchObject({ code: "57014" });
  expect(isConnectionError(error)).toBe(false);
});

test("waiting for a lock has a limit", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { lockTimeoutMs: 100 });
  await database.query("create table rows (id int)");
  await database.transaction(async (tx) => {
    await tx.query("lock table rows");
    await expect(database.query("select * from rows")).rejects.toMatchObject({ code: "55P03" });
  });
});

test("waiting for a free connection has a limit, and is a connection error", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { poolSize: 1, connectTimeoutMs: 2000 });
  await database.transaction(async () => {
    const error: unknown = await database.query("select 1").catch((error) => error);
    expect(error).toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    expect(isConnectionError(error)).toBe(true);
  });
  await expect(database.query("select 1")).resolves.toBeDefined();
});

test("a connection that the server ends in the middle of a transaction is replaced", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { poolSize: 1 });
  await using admin = open(server.adminUrl);
  const ended = database.transaction(async (tx) => {
    const { rows } = await tx.query("select pg_backend_pid() as pid");
    await admin.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await tx.query("select 1");
  });
  const error: unknown = await ended.catch((error) => error);
  expect(isConnectionError(error)).toBe(true);
  await expect(database.query("select 1")).resolves.toBeDefined();
});

test("an idle connection that the server ends is reported once and replaced", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { poolSize: 1 });
  await using admin = open(server.adminUrl);
  const { rows } = await database.query("select pg_backend_pid() as pid");
  await admin.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await eventually(() => database.lost.length, { describe: "the loss to be reported" });
  await expect(database.query("select 1")).resolves.toBeDefined();
  expect(database.lost).toHaveLength(1);
});

test("a server that is killed is unavailable, and the same pool works when it is back", async () => {
  await using server = await testPostgres();
  await using database = open(server.adminUrl);
  await database.query("create table kept as select 1 as id");
  const interrupted = database.transaction(async (tx) => {
    await tx.query("insert into kept values (2)");
    await server.kill();
    await tx.query("select 1");
  });
  expect(isConnectionError(await interrupted.catch((error) => error))).toBe(true);
  await expect(database.check()).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  await server.restart();
  await database.check();
  expect((await database.query("select id from kept")).rows).toEqual([{ id: 1 }]);
});

test("a connection that has gone silent is given up after the limit and replaced", async () => {
  await using server = await testDatabase();
  await using proxy = await testProxy(server.adminUrl);
  await using database = open(proxy.url, { poolSize: 1, statementTimeoutMs: 100 });
  await database.query("select 1");
  proxy.silence();
  const silent = database.transaction((tx) => tx.query("select 1"));
  expect(isConnectionError(await silent.catch((error) => error))).toBe(true);
  proxy.restore();
  await expect(database.query("select 1")).resolves.toBeDefined();
});

test("a database that takes no changes is not ready, and a refused change is a connection error", async () => {
  await using server = await testDatabase();
  await using admin = open(server.adminUrl);
  await admin.query("create table rows (id int)");
  await admin.query(
    `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`,
  );
  await using database = open(server.adminUrl);
  await expect(database.check()).rejects.toMatchObject({ code: "DATABASE_READ_ONLY" });
  const error: unknown = await database.query("insert into rows values (1)").catch((error) => error);
  expect(isConnectionError(error)).toBe(true);
});

test("closing waits for the work in progress, and may be asked for twice", async () => {
  await using server = await testDatabase();
  const database = open(server.adminUrl);
  const working = database.transaction((tx) => tx.query("select pg_sleep(0.1)"));
  const first = database.close();
  await Promise.all([working, first, database.close()]);
  await expect(database.query("select 1")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
});

test("what was sent without waiting is kept with the transaction, and its failure is the transaction's", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  await database.query("create table seen (name text not null)");
  await database.transaction(async (tx) => tx.send("insert into seen values ($1)", ["kept"]));
  const failure = database.transaction(async (tx) => {
    tx.send("insert into seen values ($1)", [null]);
    tx.send("insert into seen values ($1)", ["lost"]);
  });
  await expect(failure).rejects.toMatchObject({ code: "23502" });
  const given = database.transaction(async (tx) => {
    tx.send("insert into seen values ($1)", ["lost"]);
    throw new Error("changed my mind");
  });
  await expect(given).rejects.toThrow("changed my mind");
  expect((await database.query("select name from seen")).rows).toEqual([{ name: "kept" }]);
});

test("a migration under a prepared statement costs one failure and not the connection for ever", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl, { poolSize: 1 });
  await database.query("create table things (id int)");
  const read = () => database.query("select * from things where id > $1", [0]);
  await read();
  await database.query("alter table things add column name text");
  await expect(read()).rejects.toThrow("cached plan");
  await expect(read()).resolves.toMatchObject({ rowCount: 0 });
});

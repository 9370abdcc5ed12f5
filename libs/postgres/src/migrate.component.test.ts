import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestDatabase, temporaryDirectory, testDatabase, testProxy } from "@cascade/testing";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";

type Files = Readonly<Record<string, string>>;

/** A schema of a service, with a folder of migrations for the runtime and one for the service. */
async function workspace() {
  await using stack = new AsyncDisposableStack();
  const server: TestDatabase = stack.use(await testDatabase());
  const folder = stack.use(await temporaryDirectory());
  const url = await server.schemaUrl("training");
  const database = openDatabase({ url, schema: "training", applicationName: "test", onError: () => {} });
  stack.defer(() => database.close());
  const write = async (source: string, files: Files) => {
    await mkdir(join(folder.path, source), { recursive: true });
    for (const [name, sql] of Object.entries(files)) await writeFile(join(folder.path, source, name), sql);
  };
  const sources = ["runtime", "service"].map((source) => ({
    directory: join(folder.path, source),
    table: `${source}_migrations`,
  }));
  const owned = stack.move();
  return {
    database,
    write,
    migrate: () => migrate({ url, schema: "training", sources }),
    tables: async () => {
      const { rows } = await database.query<{ name: string }>(
        "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('training', 'public') order by 1",
      );
      return rows.map(({ name }) => name);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const runtimeFiles = { "001_inbox.sql": "create table inbox (id int);" };

test("each source is applied once, in the order of the names, with a table of its own", async () => {
  await using space = await workspace();
  await space.write("runtime", runtimeFiles);
  await space.write("service", {
    "002_more.sql": "alter table runs add column more int;",
    "001_runs.sql": "create table runs (id int); insert into runs values (1);",
  });
  await space.migrate();
  await space.migrate();
  expect(await space.tables()).toEqual([
    "training.inbox",
    "training.runs",
    "training.runtime_migrations",
    "training.service_migrations",
  ]);
  expect((await space.database.query("select * from runs")).rows).toEqual([{ id: 1, more: null }]);
});

test("a later start applies what is new", async () => {
  await using space = await workspace();
  await space.write("runtime", runtimeFiles);
  await space.write("service", { "001_runs.sql": "create table runs (id int);" });
  await space.migrate();
  await space.write("service", { "002_trials.sql": "create table trials (id int);" });
  await space.migrate();
  expect(await space.tables()).toContain("training.trials");
});

test("replicas that start together wait for one another", async () => {
  await using space = await workspace();
  await space.write("runtime", runtimeFiles);
  await space.write("service", { "001_runs.sql": "create table runs (id int); select pg_sleep(0.2);" });
  await Promise.all(Array.from({ length: 4 }, () => space.migrate()));
  expect((await space.database.query("select name from service_migrations")).rows).toEqual([
    { name: "001_runs" },
  ]);
});

test("a migration that fails is named, and nothing of its source is kept", async () => {
  await using space = await workspace();
  await space.write("runtime", runtimeFiles);
  await space.write("service", {
    "001_runs.sql": "create table runs (id int);",
    "002_broken.sql": "create table trials (id int);\nselect * from nowhere;",
    "003_never.sql": "create table never (id int);",
  });
  const error: unknown = await space.migrate().catch((error) => error);
  expect(error).toMatchObject({ code: "MIGRATION_FAILED", cause: { code: "42P01" } });
  expect(String(error)).toContain("002_broken");
  expect(String(error)).toContain('relation "nowhere" does not exist');
  expect(String(error)).not.toContain("003_never");
  expect(await space.tables()).not.toContain("training.runs");

  await space.write("service", { "002_broken.sql": "create table trials (id int);" });
  await space.migrate();
  expect(await space.tables()).toContain("training.never");
});

test("a migration that was removed, or put before one that has run, is refused", async () => {
  await using space = await workspace();
  await space.write("runtime", runtimeFiles);
  await space.write("service", { "002_runs.sql": "create table runs (id int);" });
  await space.migrate();
  await space.write("service", { "001_late.sql": "create table late (id int);" });
  await expect(space.migrate()).rejects.toMatchObject({ code: "MIGRATION_FAILED" });
});

test("a database that is away is no fault of the migrations", async () => {
  await using server = await testDatabase();
  await using proxy = await testProxy(server.adminUrl);
  proxy.cut();
  const migrating = migrate({ url: proxy.url, schema: "public", sources: [{ directory: ".", table: "t" }] });
  await expect(migrating).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
});

test("a folder that does not exist is named", async () => {
  await using space = await workspace();
  await expect(space.migrate()).rejects.toThrow(/runtime/);
});

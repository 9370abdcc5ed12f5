import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase } from "./test-database.ts";

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

test("two databases of one run share nothing", async () => {
  await using first = await testDatabase();
  await using second = await testDatabase();
  await query(first.adminUrl, "create table only_here (id int)");
  await expect(query(second.adminUrl, "select * from only_here")).rejects.toThrow("does not exist");
});

test("the role of a schema may do everything in it and nothing outside", async () => {
  await using database = await testDatabase();
  const [mine, other] = [await database.schemaUrl("training"), await database.schemaUrl("registry")];
  await query(mine, "create table training.runs (id int)");
  await expect(query(other, "select * from training.runs")).rejects.toThrow("permission denied");
  await expect(query(mine, "create table public.runs (id int)")).rejects.toThrow("permission denied");
});

test("asked again for a schema, a database keeps what is in it", async () => {
  await using database = await testDatabase();
  await query(await database.schemaUrl("training"), "create table training.runs (id int)");
  const { rows } = await query(await database.schemaUrl("training"), "select * from training.runs");
  expect(rows).toEqual([]);
});

test("a database and its roles are gone afterwards, even while somebody is connected", async () => {
  await using server = await testDatabase();
  const database = await testDatabase();
  const url = await database.schemaUrl("training");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();

  await database[Symbol.asyncDispose]();

  await expect(query(database.adminUrl, "select 1")).rejects.toThrow("does not exist");
  const role = new URL(url).username;
  const { rows } = await query(server.adminUrl, `select 1 from pg_roles where rolname = '${role}'`);
  expect(rows).toEqual([]);
});

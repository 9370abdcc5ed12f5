import { testDatabase } from "@cascade/testing";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { prepareSchema } from "./prepare-schema.ts";

function open(url: string, schema = "public") {
  const database = openDatabase({ url, schema, applicationName: "test", onError: () => {} });
  return { ...database, [Symbol.asyncDispose]: database.close };
}

/** Roles belong to the server, which other tests share: each test names its own. */
function prepare(adminUrl: string, schema: string, password = 'it\'s a "secret"/') {
  const role = `${new URL(adminUrl).pathname.slice(1)}_${schema}`;
  return prepareSchema({ adminUrl, schema, role, password });
}

test("the role owns its schema, and can neither read nor create anything elsewhere", async () => {
  await using server = await testDatabase();
  const trainingUrl = await prepare(server.adminUrl, "training");
  const registryUrl = await prepare(server.adminUrl, "registry");
  await using training = open(trainingUrl, "training");
  await using registry = open(registryUrl, "registry");
  await training.query("create table runs (id int)");
  await expect(registry.query("select * from training.runs")).rejects.toThrow("permission denied");
  await expect(registry.query("create table training.mine (id int)")).rejects.toThrow("permission denied");
  await expect(registry.query("create table public.mine (id int)")).rejects.toThrow("permission denied");
  await expect(registry.query("create schema mine")).rejects.toThrow("permission denied");
  await expect(registry.query("create role mine")).rejects.toThrow("permission denied");
});

test("preparing again keeps the tables and sets the new password", async () => {
  await using server = await testDatabase();
  await using before = open(await prepare(server.adminUrl, "training", "old"), "training");
  await before.query("create table runs (id int)");
  await using after = open(await prepare(server.adminUrl, "training", "new"), "training");
  await expect(after.query("select * from runs")).resolves.toMatchObject({ rowCount: 0 });
  const oldUrl = new URL(server.adminUrl);
  oldUrl.username = `${oldUrl.pathname.slice(1)}_training`;
  oldUrl.password = "old";
  await using old = open(oldUrl.href);
  const error: unknown = await old.query("select 1").catch((error) => error);
  expect(error).toMatchObject({ code: "DATABASE_UNAVAILABLE", cause: { code: "28P01" } });
});

test("many may prepare the same role at once, from one database and from several", async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();
  const role = `${new URL(one.adminUrl).pathname.slice(1)}_shared`;
  const urls = await Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      const { adminUrl } = index % 2 === 0 ? one : other;
      return prepareSchema({ adminUrl, schema: "shared", role, password: "same" });
    }),
  );
  for (const url of new Set(urls)) {
    await using database = open(url, "shared");
    await database.query("create table works (id int)");
  }
});

test("a schema of another role is refused, and so is an administrator as role", async () => {
  await using server = await testDatabase();
  await prepare(server.adminUrl, "training");
  const { adminUrl } = server;
  const name = new URL(adminUrl).pathname.slice(1);
  const taken = prepareSchema({ adminUrl, schema: "training", role: `${name}_other`, password: "x" });
  await expect(taken).rejects.toMatchObject({ code: "SCHEMA_OF_ANOTHER_ROLE" });
  const powerful = prepareSchema({ adminUrl, schema: "mine", role: "postgres", password: "x" });
  await expect(powerful).rejects.toMatchObject({ code: "ROLE_TOO_POWERFUL" });
});

test("an administrator who is no superuser can prepare too, as at providers of managed databases", async () => {
  await using server = await testDatabase();
  await using admin = open(server.adminUrl);
  const name = new URL(server.adminUrl).pathname.slice(1);
  const owner = `${name}_owner`;
  await admin.query(`create role ${owner} login createrole password 'x'`);
  await admin.query(`alter database ${name} owner to ${owner}`);
  const ownerUrl = new URL(server.adminUrl);
  ownerUrl.username = owner;
  ownerUrl.password = "x";
  await using database = open(await prepare(ownerUrl.href, "training"), "training");
  await database.query("create table runs (id int)");
});

import { type ServiceName, services } from "@cascade/contracts";
import { type Database, openDatabase, prepareSchema } from "@cascade/postgres";
import { testDatabase } from "@cascade/testing";
import { expect, test } from "vitest";

const verbs = ["select", "insert", "update", "delete", "truncate", "create", "alter", "drop"] as const;

/** One statement per verb, which changes nothing that the next one needs. */
function statementFor(verb: (typeof verbs)[number], schema: string): string {
  const table = `${schema}.target`;
  switch (verb) {
    case "select":
      return `select * from ${table}`;
    case "insert":
      return `insert into ${table} values (1)`;
    case "update":
      return `update ${table} set id = 2`;
    case "delete":
      return `delete from ${table}`;
    case "truncate":
      return `truncate ${table}`;
    case "create":
      return `create table ${schema}.probe (id int)`;
    case "alter":
      return `alter table ${table} add column probe int`;
    case "drop":
      return `drop table ${table}`;
  }
}

async function isPermitted(database: Database, sql: string): Promise<boolean> {
  try {
    // Every probe is undone, so that the order of the probes says nothing.
    await database.transaction(async (tx) => {
      await tx.query(sql);
      throw new Undone();
    });
    return false;
  } catch (error) {
    if (error instanceof Undone) return true;
    if (error instanceof Error && "code" in error && error.code === "42501") return false;
    throw error;
  }
}

class Undone extends Error {}

test("the role of a service may do everything in its own schema, and nothing in any other", async () => {
  await using server = await testDatabase();
  await using opened = new AsyncDisposableStack();
  const databases = new Map<ServiceName, Database>();
  const prefix = new URL(server.adminUrl).pathname.slice(1);
  for (const service of services) {
    const url = await prepareSchema({
      adminUrl: server.adminUrl,
      schema: service,
      role: `${prefix}_${service}`,
      password: `password of ${service}`,
    });
    const database = openDatabase({
      url,
      schema: service,
      applicationName: service,
      poolSize: 1,
      onError: () => {},
    });
    opened.defer(() => database.close());
    await database.query("create table target (id int)");
    databases.set(service, database);
  }

  const differences: string[] = [];
  await Promise.all(
    [...databases].map(async ([role, database]) => {
      for (const schema of services) {
        for (const verb of verbs) {
          const permitted = await isPermitted(database, statementFor(verb, schema));
          if (permitted !== (role === schema)) {
            differences.push(`${role} ${permitted ? "may" : "may not"} ${verb} in ${schema}`);
          }
        }
      }
      for (const sql of [
        "create table public.probe (id int)",
        "create schema probe",
        "create role probe",
        "select * from pg_authid",
        "set role postgres",
        "copy (select 1) to program 'true'",
        "select pg_read_file('postgresql.conf')",
      ]) {
        if (await isPermitted(database, sql)) differences.push(`${role} may ${sql}`);
      }
    }),
  );
  expect(differences).toEqual([]);
});

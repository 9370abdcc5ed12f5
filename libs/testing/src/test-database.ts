import { randomBytes } from "node:crypto";
import pg from "pg";
import { sharedServers } from "./shared-servers.ts";

export interface TestDatabase extends AsyncDisposable {
  /** Connects to this test's own database as the administrator. */
  readonly adminUrl: string;
  /** Makes a schema and a role that owns it and nothing else; returns the role's URL. */
  schemaUrl(schema: string): Promise<string>;
}

export interface TestDatabaseOptions {
  /** The server to make the database on; by default the one of the test run. */
  readonly serverAdminUrl?: string;
}

/** A database of a test's own, dropped at its end together with the roles that were made for it. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = options.serverAdminUrl ?? (await sharedServers()).postgresAdminUrl;
  const name = `test_${randomBytes(6).toString("hex")}`;
  const roles = new Set<string>();
  await execute(serverUrl, [`create database ${name}`]);
  const adminUrl = withChanges(serverUrl, { database: name });
  return {
    adminUrl,
    schemaUrl: async (schema) => {
      // Roles belong to the whole server, so their names carry that of the database.
      const role = `${name}_${schema}`;
      const password = randomBytes(12).toString("hex");
      if (!roles.has(role)) {
        await execute(adminUrl, [`create role ${pg.escapeIdentifier(role)} login nosuperuser`]);
        roles.add(role);
      }
      await execute(adminUrl, [
        `alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(password)}`,
        `create schema if not exists ${pg.escapeIdentifier(schema)} authorization ${pg.escapeIdentifier(role)}`,
        "revoke create on schema public from public",
      ]);
      return withChanges(adminUrl, { user: role, password });
    },
    [Symbol.asyncDispose]: () =>
      execute(serverUrl, [
        // Whoever is still connected is the next test's problem only if allowed to stay.
        `drop database if exists ${name} with (force)`,
        ...[...roles].map((role) => `drop role if exists ${pg.escapeIdentifier(role)}`),
      ]),
  };
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A lost connection also fails the statement that is waiting on it.
  client.on("error", () => {});
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

interface Changes {
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
}

function withChanges(text: string, { database, user, password }: Changes): string {
  const url = new URL(text);
  if (database !== undefined) url.pathname = `/${database}`;
  if (user !== undefined) url.username = encodeURIComponent(user);
  if (password !== undefined) url.password = encodeURIComponent(password);
  return url.href;
}

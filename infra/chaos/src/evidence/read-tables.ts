import { type ServiceName, services } from "@cascade/contracts";
import pg from "pg";
import type { Leftovers, Row, Tables } from "./evidence.ts";

/** Tables that only note which migrations have run. */
const uninteresting = ["messaging_migrations", "service_migrations"];

/** All rows of all tables of every service. */
export async function readTables(adminUrl: string): Promise<Tables> {
  return withClient(adminUrl, async (client) => {
    const { rows: names } = await client.query<{ schema: ServiceName; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.tables
       where table_schema = any($1) and table_type = 'BASE TABLE' and table_name <> all($2)`,
      [services, uninteresting],
    );
    const tables: Record<string, Record<string, readonly Row[]>> = {};
    for (const service of services) tables[service] = {};
    for (const { schema, name } of names) {
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rows } = await client.query<Row>(`select * from ${table}`);
      Object.assign(tables[schema] ?? {}, { [name]: rows });
    }
    return tables as Tables;
  });
}

/** What sessions of the services still hold in the database. */
export async function readDatabaseLeftovers(
  adminUrl: string,
): Promise<Pick<Leftovers, "advisoryLocks" | "openTransactions">> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ locks: number; transactions: number }>(
      `select (select count(*)::int from pg_locks where locktype = 'advisory') as locks,
              (select count(*)::int from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null) as transactions`,
    );
    return { advisoryLocks: rows[0]?.locks ?? 0, openTransactions: rows[0]?.transactions ?? 0 };
  });
}

export async function withClient<T>(adminUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

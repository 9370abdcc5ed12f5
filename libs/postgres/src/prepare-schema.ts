import pg from "pg";
import { quoteIdentifier } from "./database.ts";

export interface SchemaOptions {
  /** A connection that may create roles and schemas. */
  readonly adminUrl: string;
  readonly schema: string;
  readonly role: string;
  readonly password: string;
}

// Roles belong to the whole server: several services that prepare at once take turns.
const preparationLock = 5_711_930;

/**
 * Creates a service's schema and the role that owns it and may touch nothing else. May run again and from
 * several places at once. Returns the connection URL of the role.
 */
export async function prepareSchema({ adminUrl, schema, role, password }: SchemaOptions): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [preparationLock]);
    const name = quoteIdentifier(role);
    const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
    const secret = client.escapeLiteral(password);
    await client.query(
      `${rowCount === 0 ? "create" : "alter"} role ${name} login nosuperuser password ${secret}`,
    );
    await client.query(`create schema if not exists ${quoteIdentifier(schema)} authorization ${name}`);
    const { rows } = await client.query<{ database: string }>("select current_database() as database");
    const database = quoteIdentifier(rows[0]?.database ?? "postgres");
    // Without these, every role could create tables in `public` and temporary ones anywhere.
    await client.query("revoke create on schema public from public");
    await client.query(`grant connect on database ${database} to ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}

import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { PostgresError } from "./errors.ts";

export interface SchemaOptions {
  /** A connection that may create roles and schemas. */
  readonly adminUrl: string;
  readonly schema: string;
  readonly role: string;
  readonly password: string;
}

// Services that prepare at once in one database take turns.
const preparationLock = 5_711_930;
// Roles belong to the whole server, which a lock in one database does not cover: where somebody prepares the same
// role from another database, one of the two fails with one of these and comes again.
const lostRaceCodes = ["42710", "23505", "XX000"];
const attempts = 10;

/**
 * Creates a service's schema and the role that owns it and has no rights in other schemas. May run again, also with
 * a new password, and from several places at once. Returns the connection URL of the role.
 */
export async function prepareSchema(options: SchemaOptions): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      await prepareOnce(options);
      break;
    } catch (error) {
      const hasLostRace = error instanceof pg.DatabaseError && lostRaceCodes.includes(error.code ?? "");
      if (!hasLostRace || attempt === attempts) throw error;
      await delay(20 * attempt);
    }
  }
  const url = new URL(options.adminUrl);
  url.username = encodeURIComponent(options.role);
  url.password = encodeURIComponent(options.password);
  return url.href;
}

async function prepareOnce({ adminUrl, schema, role, password }: SchemaOptions): Promise<void> {
  const client = new pg.Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  // A lost connection fails the statement that waits on it too.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [preparationLock]);
    await prepareRole(client, role, password);
    const owner = await ownerOf(client, schema);
    if (owner !== undefined && owner !== role) {
      throw new PostgresError(
        "SCHEMA_OF_ANOTHER_ROLE",
        `Schema ${schema} belongs to ${owner}, not to ${role}. Give it to ${role}, or name another schema.`,
      );
    }
    await client.query(
      `create schema if not exists ${pg.escapeIdentifier(schema)} authorization ${pg.escapeIdentifier(role)}`,
    );
    // For whoever connects as the role without our own settings, such as a person with psql.
    await client.query(
      `alter role ${pg.escapeIdentifier(role)} set search_path = ${pg.escapeIdentifier(schema)}`,
    );
    // The default since Postgres 15; an older database that was upgraded still lets everybody create there.
    await client.query("revoke create on schema public from public");
  } finally {
    await client.end();
  }
}

async function prepareRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rows } = await client.query<{ powerful: boolean }>(
    "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as powerful from pg_roles where rolname = $1",
    [role],
  );
  if (rows[0]?.powerful === true) {
    throw new PostgresError(
      "ROLE_TOO_POWERFUL",
      `Role ${role} is an administrator, but a service's role may own its schema and nothing else. Name another role.`,
    );
  }
  const verb = rows.length === 0 ? "create" : "alter";
  await client.query(`${verb} role ${name} login password ${pg.escapeLiteral(password)}`);
  // Who is no superuser must be a member of a role to create what the role shall own.
  const { rows: admin } = await client.query<{ rolsuper: boolean }>(
    "select rolsuper from pg_roles where rolname = current_user",
  );
  if (admin[0]?.rolsuper !== true) await client.query(`grant ${name} to current_user`);
}

async function ownerOf(client: pg.Client, schema: string): Promise<string | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    "select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1",
    [schema],
  );
  return rows[0]?.owner;
}

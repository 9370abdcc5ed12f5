import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { services } from "@cascade/contracts";
import { allProgressSubjects, collectEvents } from "@cascade/messaging";
import type { StackOptions } from "@cascade/stack";
import pg from "pg";
import type { Story } from "./story.ts";

type Variables = Readonly<Record<string, string>>;

/** What is looked for: a value that stands nowhere but where it was set. */
const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`;

const wrong = {
  password: canary("wrong-password"),
  unreachable: canary("unreachable-password"),
  malformed: canary("malformed-address"),
  nats: canary("nats-password"),
  seed: canary("nkey-seed"),
};

/** Settings with which no service can start, and the reason that it must give. */
export const wrongSettings: readonly (readonly [string, (story: Story) => Variables, RegExp])[] = [
  [
    "a wrong password for its database",
    ({ stack }) => {
      const { host, pathname } = new URL(stack.postgresAdminUrl);
      return { CASCADE_POSTGRES_URL: `postgres://cascade_validation:${wrong.password}@${host}${pathname}` };
    },
    /password authentication failed/,
  ],
  [
    "a database that is not there",
    () => ({ CASCADE_POSTGRES_URL: `postgres://ada:${wrong.unreachable}@127.0.0.1:1/cascade` }),
    /could not be reached/,
  ],
  [
    "an address of a database that is none",
    () => ({ CASCADE_POSTGRES_URL: `postgres://ada:${wrong.malformed}@[nowhere/cascade` }),
    /Invalid URL/,
  ],
  [
    "a user that NATS does not know",
    ({ stack }) => ({
      CASCADE_NATS_URL: stack.natsUrl.replace("://", `://ada:${wrong.nats}@`),
      CASCADE_NATS_NKEY_FILE: "",
    }),
    /asks for credentials/,
  ],
  [
    "a seed that is none",
    () => ({ CASCADE_NATS_NKEY: wrong.seed, CASCADE_NATS_NKEY_FILE: "" }),
    /There is no nkey seed/,
  ],
];

export interface Canaries {
  /** Starts the stack with secrets that can be looked for, and tells everything in its logs. */
  readonly stackOptions: Partial<StackOptions>;
  /** Starts a service of the stack with other settings, in a process of its own that must end by itself. */
  startWith(story: Story, settings: (story: Story) => Variables): Promise<{ code: number; output: string }>;
  /** Keeps what is told of running work, which is stored nowhere. */
  listen(story: Story): void;
  /** Looks for all that is secret in every place; tells where it should not stand, and which places there are. */
  look(story: Story): Promise<{ leaks: string[]; places: string[] }>;
}

export function openCanaries(): Canaries {
  const hubToken = canary("hub-token");
  const databasePasswords = new Map<string, string>();
  const outputs = new Map<string, string>();

  const secretsOf = async ({ stack }: Story): Promise<(readonly [string, string])[]> => {
    const made: Record<string, string> = JSON.parse(
      await readFile(join(stack.directory, "secrets.json"), "utf8"),
    );
    const seeds: [string, string][] = [];
    for (const path of await filesIn(join(stack.directory, "credentials"))) {
      for (const [seed] of (await readFile(path, "utf8")).matchAll(/\bSU[A-Z2-7]{56}\b/g)) {
        seeds.push([`the seed in ${path}`, seed]);
      }
    }
    if (seeds.length < services.length || databasePasswords.size < services.length) {
      throw new Error("not every service has a seed and a password: there is nothing to look for");
    }
    return [
      ["HUB_TOKEN", hubToken],
      ...Object.entries(wrong),
      ...Object.entries(made),
      ...databasePasswords,
      ...seeds,
    ];
  };

  return {
    stackOptions: {
      environment: {
        CASCADE_LOG_LEVEL: "trace",
        CASCADE_TRAINER_ENVIRONMENT: JSON.stringify({ HUB_TOKEN: hubToken }),
      },
      route: async (replica, server, url) => {
        if (server === "postgres") databasePasswords.set(`the password of ${replica}`, new URL(url).password);
        return url;
      },
    },
    startWith: async (story, settings) => {
      const main = fileURLToPath(new URL("../../services/validation/src/main.ts", import.meta.url));
      const password = databasePasswords.get("the password of validation-1");
      const { host, pathname } = new URL(story.stack.postgresAdminUrl);
      const child = spawn(process.execPath, [main], {
        env: {
          PATH: process.env.PATH,
          CASCADE_LOG_LEVEL: "trace",
          CASCADE_NATS_URL: story.stack.natsUrl,
          CASCADE_NATS_NKEY_FILE: story.stack.accessAs("validation").nkeyFile,
          CASCADE_POSTGRES_URL: `postgres://cascade_validation:${password}@${host}${pathname}`,
          CASCADE_ARTIFACTS_URL: `file://${story.directory}/stack/artifacts`,
          ...settings(story),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
      const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      outputs.set(`output ${outputs.size + 1} of a service`, output + errors);
      return { code, output: output + errors };
    },
    listen: ({ session }) => {
      session.connection.subscribe(allProgressSubjects, {
        callback: (_, message) => {
          outputs.set("progress", (outputs.get("progress") ?? "") + message.string());
        },
      });
    },
    look: async (story) => {
      const secrets = await secretsOf(story);
      const leaks: string[] = [];
      const places: string[] = [];
      for await (const [place, content] of placesOf(story, outputs)) {
        places.push(place);
        for (const [name, secret] of secrets) if (content.includes(secret)) leaks.push(`${name} in ${place}`);
      }
      return { leaks, places };
    },
  };
}

/** Everything that people and programs get to see, or that is kept. */
async function* placesOf(
  { stack, session }: Story,
  outputs: ReadonlyMap<string, string>,
): AsyncGenerator<readonly [string, string]> {
  yield* outputs;
  for (const path of await filesIn(stack.directory)) {
    // Secrets are kept in two places, and in Postgres' own files those of the roles as hashes.
    if (/\/stack\/(secrets\.json$|credentials\/|postgres\/data\/)/.test(path)) continue;
    yield [path, await readFile(path, "latin1")];
  }
  const events = await collectEvents({ connection: session.connection, which: "all" });
  yield ["events", JSON.stringify(events)];
  const client = new pg.Client({ connectionString: stack.postgresAdminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
       from information_schema.tables where table_schema = any($1)`,
      [services],
    );
    for (const { name } of rows) {
      const table = await client.query<{ content: string }>(
        // As text, and the bytes of payloads as the text that they are.
        `select coalesce(string_agg(t::text || case when to_jsonb(t) ->> 'payload' like '\\\\x%'
           then encode(decode(substr(to_jsonb(t) ->> 'payload', 3), 'hex'), 'escape') else '' end, ' '), '') as content
         from ${name} t`,
      );
      yield [`table ${name}`, table.rows[0]?.content ?? ""];
    }
  } finally {
    await client.end();
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

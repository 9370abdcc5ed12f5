import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { hasCode, LocalError } from "../errors.ts";
import { runServer } from "../process/running-server.ts";
import { clearStalePostmaster, prepareDataDirectory } from "./data-directory.ts";
import { locatePrograms } from "./native-programs.ts";
import { serverUser } from "./server-user.ts";

export interface PostgresOptions {
  /** Keeps the data and the log. */
  readonly directory: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
  /** Of the administrator; by default one is made up and kept in the directory. */
  readonly password?: string;
  /** False loses data in a power failure, but not in a crash of the server, and is much faster. Default true. */
  readonly durable?: boolean;
  readonly connectionsMax?: number;
  readonly startLimitMs?: number;
  readonly stopLimitMs?: number;
  /** The setting that the error names where the port is taken. */
  readonly portSetting?: string;
  /** Told when the server has ended without being asked to. */
  onExit?(reason: string): void;
}

export interface RunningPostgres {
  /** Connects as the administrator to the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends the server and all its processes at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts the server again on the same port and data, also after `kill`. */
  restart(): Promise<void>;
}

const administrator = "postgres";

/** Starts a Postgres server, on its first start with a new data directory, and resolves when it answers. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const directory = resolve(options.directory);
  const host = options.host ?? "127.0.0.1";
  const startLimitMs = options.startLimitMs ?? 60_000;
  const stopLimitMs = options.stopLimitMs ?? 20_000;
  await mkdir(directory, { recursive: true });
  const password = options.password ?? (await keptPassword(directory));
  const user = await serverUser();
  const { initdb, postgres } = await locatePrograms(user);
  const urlOf = (port: number) =>
    `postgres://${administrator}:${encodeURIComponent(password)}@${host}:${port}/postgres`;

  const server = await runServer({
    name: "Postgres",
    host,
    port: options.port,
    portSetting: options.portSetting ?? "CASCADE_POSTGRES_PORT",
    logPath: join(directory, "postgres.log"),
    pidPath: join(directory, "postgres.pid.json"),
    startLimitMs,
    stopLimitMs,
    stopSignal: "SIGINT",
    prepare: async (port) => {
      const data = await prepareDataDirectory({ directory, initdb, user, password, limitMs: startLimitMs });
      await clearStalePostmaster(data, stopLimitMs);
      const settings: Readonly<Record<string, string | number>> = {
        listen_addresses: host,
        port,
        unix_socket_directories: "",
        max_connections: options.connectionsMax ?? 200,
        // A commit is written out even without `durable`, so that a killed server loses none.
        ...((options.durable ?? true) ? {} : { fsync: "off", full_page_writes: "off" }),
        log_checkpoints: "off",
      };
      const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
      return { binary: postgres, arguments: ["-D", data, ...flags], user };
    },
    probe: (port) => probe(urlOf(port), directory),
    onExit: (reason) => options.onExit?.(reason),
  });
  return {
    adminUrl: urlOf(server.port),
    port: server.port,
    get pid() {
      return server.pid;
    },
    stop: server.stop,
    kill: server.kill,
    restart: server.restart,
  };
}

async function probe(url: string, directory: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  // A connection that breaks while it is being closed must not end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    if (!hasCode(error, "28P01")) throw error;
    throw new LocalError(
      "POSTGRES_PASSWORD_REJECTED",
      `The data in ${directory} were made with another password. Use that one, or remove the directory to start anew.`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

async function keptPassword(directory: string): Promise<string> {
  const path = join(directory, "password");
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  const password = randomBytes(24).toString("base64url");
  await writeFile(path, password, { mode: 0o600, flag: "wx" });
  return password;
}

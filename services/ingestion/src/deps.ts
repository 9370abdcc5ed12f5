import { lookup } from "node:dns/promises";
import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { type Database, openDatabase } from "@cascade/postgres";
import { type ConfigOf, type Kit, openWorkingFolder, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import type { Resolve } from "./adapters/fetch-over-http.ts";
import type { settings } from "./config.ts";

export interface Deps {
  readonly config: ConfigOf<typeof settings>;
  readonly database: Database;
  readonly store: ArtifactStore;
  readonly tabular: Tabular;
  readonly workDirectory: string;
  readonly resolve: Resolve;
  /** Databases that pipelines query, by name. */
  readonly connections: ReadonlyMap<string, Database>;
  close(): Promise<void>;
}

export async function openDeps(
  config: ConfigOf<typeof settings>,
  { log, database }: Pick<Kit, "log" | "database">,
): Promise<Deps> {
  const workDirectory = resolve(config.workDirectory);
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  const scratch = await openWorkingFolder(workDirectory);
  const tabular = openTabular({
    processes: config.processes,
    threads: config.threads,
    memoryLimitMiB: config.memoryMiB,
    timeoutMs: config.timeoutMs,
    temporaryDirectory: scratch.path,
  });
  const connections = new Map(
    Object.entries(config.postgres).map(([name, url]) => [name, openConnection(name, url, config, log)]),
  );
  return {
    config,
    connections,
    database,
    store: openArtifactStore(config.artifactsUrl),
    tabular,
    workDirectory,
    resolve: (host) => lookup(host, { all: true }),
    close: async () => {
      for (const connection of connections.values()) await connection.close();
      await tabular.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

function openConnection(
  name: string,
  url: string,
  { queryTimeoutMs }: ConfigOf<typeof settings>,
  log: Kit["log"],
): Database {
  return openDatabase({
    url,
    schema: "public",
    applicationName: "cascade-ingestion",
    poolSize: 2,
    statementTimeoutMs: queryTimeoutMs,
    onError: (error) => log.warn({ connection: name, error: error.message }, "a connection was lost"),
  });
}

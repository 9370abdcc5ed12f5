import { lookup } from "node:dns/promises";
import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import type { Database } from "@cascade/postgres";
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
  return {
    config,
    database,
    store: openArtifactStore(config.artifactsUrl),
    tabular,
    workDirectory,
    resolve: (host) => lookup(host, { all: true }),
    close: async () => {
      await tabular.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

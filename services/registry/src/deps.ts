import { resolve } from "node:path";
import type { Database } from "@cascade/postgres";
import { type ConfigOf, type Kit, openWorkingFolder, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import type { settings } from "./config.ts";

export interface Deps {
  readonly database: Database;
  readonly pageSizeMax: number;
  /** Only looks at SQL: it is given no data. */
  readonly tabular: Tabular;
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
    processes: 1,
    threads: 1,
    memoryLimitMiB: config.memoryMiB,
    timeoutMs: config.timeoutMs,
    temporaryDirectory: scratch.path,
  });
  return {
    database,
    pageSizeMax: config.pageSizeMax,
    tabular,
    close: async () => {
      await tabular.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { describeError, type Logger } from "@cascade/messaging";
import type { Database } from "@cascade/postgres";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { openWorkingFolder, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import { forgetOld } from "./adapters/forget-old.ts";
import type { settings } from "./config.ts";

export interface Deps {
  readonly database: Database;
  readonly log: Logger;
  readonly store: ArtifactStore;
  readonly tabular: Tabular;
  readonly workDirectory: string;
  readonly referenceBytesMax: number;
  readonly feedbackRowsMax: number;
  close(): Promise<void>;
}

export async function openDeps(config: ConfigOf<typeof settings>, { database, log }: Kit): Promise<Deps> {
  const workDirectory = resolve(config.workDirectory);
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  // The table engine's own files go with it: a killed process leaves them in a folder that the next one removes.
  const scratch = await openWorkingFolder(workDirectory);
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: config.tableMemoryMiB,
    timeoutMs: config.tableTimeoutMs,
    temporaryDirectory: scratch.path,
  });
  let forgetting = Promise.resolve();
  const forget = () => {
    forgetting = forgetting.then(async () => {
      try {
        const rows = await forgetOld(database, config);
        if (rows > 0) log.info({ rows }, "old predictions, labels and windows were deleted");
      } catch (error) {
        log.warn({ error: describeError(error) }, "old predictions could not be deleted");
      }
    });
  };
  const timer = setInterval(forget, config.housekeepingMs);
  return {
    database,
    log,
    store: openArtifactStore(config.artifactsUrl),
    tabular,
    workDirectory,
    referenceBytesMax: config.referenceBytesMax,
    feedbackRowsMax: config.feedbackRowsMax,
    close: async () => {
      clearInterval(timer);
      await forgetting;
      await tabular.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

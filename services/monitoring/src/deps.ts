import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { describeError, type Logger } from "@cascade/messaging";
import type { Database } from "@cascade/postgres";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { removeLeftovers } from "@cascade/service-kit";
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
  await mkdir(workDirectory, { recursive: true });
  await removeLeftovers(workDirectory);
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: config.tableMemoryMiB,
    timeoutMs: config.tableTimeoutMs,
    temporaryDirectory: workDirectory,
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
    },
  };
}

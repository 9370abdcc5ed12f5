import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { onlineRowsStream } from "@cascade/contracts";
import { type KeyValue, openKeyValue } from "@cascade/messaging";
import { type ConfigOf, type Kit, openWorkingFolder, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type TableLimits, type Tabular } from "@cascade/tabular";
import type { settings } from "./config.ts";

export interface Deps {
  readonly store: ArtifactStore;
  readonly tabular: Tabular;
  readonly workDirectory: string;
  /** What a batch may have that is converted to newly declared types; it was let in by ingestion before. */
  readonly limits: Omit<TableLimits, "rows">;
  /** Where online rows are kept. */
  readonly bucket: KeyValue;
  readonly online: { readonly writesMax: number; readonly stepsMax: number };
  close(): Promise<void>;
}

export async function openDeps(
  config: ConfigOf<typeof settings>,
  { connection, log }: Pick<Kit, "connection" | "log">,
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
    store: openArtifactStore(config.artifactsUrl),
    tabular,
    workDirectory,
    limits: { columns: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER },
    bucket: openKeyValue({
      connection,
      stream: onlineRowsStream,
      timeoutMs: config.onlineTimeoutMs,
      replicas: config.streamReplicas,
    }),
    online: { writesMax: config.onlineWritesMax, stepsMax: config.onlineStepsMax },
    close: async () => {
      await tabular.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

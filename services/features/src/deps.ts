import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { type ConfigOf, type Kit, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import type { settings } from "./config.ts";

export interface Deps {
  readonly store: ArtifactStore;
  readonly tabular: Tabular;
  readonly workDirectory: string;
}

export async function openDeps(config: ConfigOf<typeof settings>, { log }: Kit): Promise<Deps> {
  const workDirectory = resolve(config.workDirectory);
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  return {
    store: openArtifactStore(config.artifactsUrl),
    tabular: openTabular({
      processes: config.processes,
      threads: config.threads,
      memoryLimitMiB: config.memoryMiB,
      timeoutMs: config.timeoutMs,
      temporaryDirectory: workDirectory,
    }),
    workDirectory,
  };
}

export async function closeDeps({ tabular }: Deps): Promise<void> {
  await tabular.close();
}

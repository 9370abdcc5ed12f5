import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { type ModelSandbox, openModelSandbox } from "@cascade/onnx";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import type { settings } from "./config.ts";

export interface Deps {
  readonly config: ConfigOf<typeof settings>;
  readonly store: ArtifactStore;
  readonly sandbox: ModelSandbox;
  readonly tabular: Tabular;
  readonly workDirectory: string;
}

export async function openDeps(config: ConfigOf<typeof settings>, { log }: Kit): Promise<Deps> {
  const workDirectory = resolve(config.workDirectory);
  await mkdir(workDirectory, { recursive: true });
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  return {
    config,
    store: openArtifactStore(config.artifactsUrl),
    sandbox: openModelSandbox({
      processes: 1,
      memoryLimitMiB: config.modelMemoryMiB,
      timeoutMs: config.modelTimeoutMs,
    }),
    tabular: openTabular({
      processes: 1,
      threads: 2,
      memoryLimitMiB: config.tableMemoryMiB,
      timeoutMs: config.tableTimeoutMs,
      temporaryDirectory: workDirectory,
    }),
    workDirectory,
  };
}

export async function closeDeps({ sandbox, tabular }: Deps): Promise<void> {
  await Promise.all([sandbox.close(), tabular.close()]);
}

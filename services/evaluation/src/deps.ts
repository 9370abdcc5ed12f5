import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { type ModelSandbox, openModelSandbox } from "@cascade/onnx";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { openWorkingFolder, removeLeftovers } from "@cascade/service-kit";
import { openTabular, type Tabular } from "@cascade/tabular";
import type { settings } from "./config.ts";

export interface Deps {
  readonly config: ConfigOf<typeof settings>;
  readonly store: ArtifactStore;
  readonly sandbox: ModelSandbox;
  readonly tabular: Tabular;
  readonly workDirectory: string;
  close(): Promise<void>;
}

export async function openDeps(config: ConfigOf<typeof settings>, { log }: Kit): Promise<Deps> {
  const workDirectory = resolve(config.workDirectory);
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  // The table engine's own files go with it: a killed process leaves them in a folder that the next one removes.
  const scratch = await openWorkingFolder(workDirectory);
  const sandbox = openModelSandbox({
    processes: 1,
    memoryLimitMiB: config.modelMemoryMiB,
    timeoutMs: config.modelTimeoutMs,
  });
  const tabular = openTabular({
    processes: 1,
    threads: 2,
    memoryLimitMiB: config.tableMemoryMiB,
    timeoutMs: config.tableTimeoutMs,
    temporaryDirectory: scratch.path,
  });
  return {
    config,
    store: openArtifactStore(config.artifactsUrl),
    sandbox,
    tabular,
    workDirectory,
    close: async () => {
      await Promise.all([sandbox.close(), tabular.close()]);
      await scratch[Symbol.asyncDispose]();
    },
  };
}

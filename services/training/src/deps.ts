import { resolve } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import type { Logger } from "@cascade/messaging";
import { type ModelSandbox, openModelSandbox } from "@cascade/onnx";
import type { Database } from "@cascade/postgres";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { removeLeftovers } from "@cascade/service-kit";
import { saveRunsMax } from "./adapters/run-queue.ts";
import { openTrialLog, type TrialLog } from "./adapters/trials.ts";
import type { settings } from "./config.ts";
import { type Cluster, openCluster } from "./kubernetes/cluster.ts";

/** What carrying out a run needs. */
export interface Deps {
  readonly trials: TrialLog;
  readonly config: ConfigOf<typeof settings>;
  readonly store: ArtifactStore;
  readonly sandbox: ModelSandbox;
  readonly workDirectory: string;
  /** Where programs of images run, if anywhere. */
  readonly cluster?: Cluster | undefined;
  /** The whole environment that training programs get. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceDeps extends Deps {
  readonly database: Database;
  readonly log: Logger;
}

export async function openDeps(
  config: ConfigOf<typeof settings>,
  { log, database }: Kit,
): Promise<ServiceDeps> {
  const workDirectory = resolve(config.workDirectory);
  const removed = await removeLeftovers(workDirectory);
  if (removed.length > 0) log.info({ folders: removed }, "working folders of killed processes removed");
  await saveRunsMax(database, config.runsMax);
  return {
    trials: openTrialLog(database),
    config,
    database,
    log,
    store: openArtifactStore(config.artifactsUrl),
    sandbox: openModelSandbox({
      processes: 1,
      memoryLimitMiB: config.inspectMemoryMiB,
      timeoutMs: config.inspectTimeoutMs,
    }),
    workDirectory,
    cluster: openCluster(config),
    environment: environmentOf(config),
  };
}

function environmentOf(config: ConfigOf<typeof settings>): Record<string, string> {
  const own = { PATH: config.path, HOME: config.home, LANG: config.lang, TZ: config.timeZone };
  const set = Object.entries(own).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(set), ...config.trainerEnvironment };
}

export async function closeDeps({ sandbox }: Deps): Promise<void> {
  await sandbox.close();
}

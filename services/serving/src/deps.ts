import { openArtifactStore } from "@cascade/artifacts";
import { onlineRowsStream } from "@cascade/contracts";
import { openKeyValue } from "@cascade/messaging";
import type { ConfigOf, Kit } from "@cascade/service-kit";
import { v7 as uuidv7 } from "uuid";
import { createAnnouncer } from "./adapters/announce.ts";
import { type DesiredState, followDesiredState } from "./adapters/follow-desired-state.ts";
import { loadVersion } from "./adapters/load-version.ts";
import { openEntityLookup } from "./adapters/look-up-entities.ts";
import { shareTransformers } from "./adapters/share-transformers.ts";
import type { settings } from "./config.ts";
import { type Endpoints, openEndpoints } from "./endpoint/endpoints.ts";
import { createInferMetrics, type InferMetrics } from "./log/infer-metrics.ts";
import { openPredictionLog, type PredictionLog } from "./log/prediction-log.ts";
import { reportWindows, type WindowReporter } from "./log/report-windows.ts";

export interface Deps {
  readonly config: ConfigOf<typeof settings>;
  readonly endpoints: Endpoints;
  readonly desiredState: DesiredState;
  readonly predictionLog: PredictionLog;
  readonly windows: WindowReporter;
  readonly metrics: InferMetrics;
  newId(): string;
  now(): Date;
  /** Ends everything in order; requests have been answered by then, the connection is still open. */
  close(): Promise<void>;
}

export async function openDeps(config: ConfigOf<typeof settings>, kit: Kit): Promise<Deps> {
  const { connection, log, publisher, replica, registry } = kit;
  const store = openArtifactStore(config.artifactsUrl);
  const announcer = createAnnouncer(replica, publisher, log, uuidv7);
  const openFeatures = shareTransformers({
    memoryLimitMiB: config.transformMemoryMiB,
    timeoutMs: config.transformTimeoutMs,
  });
  const bucket = openKeyValue({ connection, stream: onlineRowsStream, timeoutMs: config.lookupTimeoutMs });
  const lookUp = openEntityLookup(bucket, log, () => new Date());
  const metrics = createInferMetrics(registry);
  const endpoints = openEndpoints({
    log,
    loadAttempts: config.loadAttempts,
    loadRetryMs: config.loadRetryMs,
    settled: announcer.announce,
    load: async (version, servable) => {
      const startedAt = performance.now();
      const loaded = await loadVersion(version, servable, {
        store,
        openFeatures,
        modelBytesMax: config.modelBytesMax,
        threads: config.modelThreads,
        batchRowsMax: config.batchRowsMax,
        lookUp,
      });
      metrics.loaded((performance.now() - startedAt) / 1000);
      return loaded;
    },
  });
  const predictionLog = openPredictionLog({
    replica,
    publisher,
    log,
    flushMs: config.logFlushMs,
    predictionsMax: config.logPredictionsMax,
    bytesMax: config.logBytesMax,
  });
  const { windowMs, idleWindowMs } = config;
  const windows = reportWindows({ replica, publisher, log, windowMs, idleWindowMs, endpoints });
  const desiredState = followDesiredState(connection, endpoints, log);
  return {
    config,
    endpoints,
    desiredState,
    predictionLog,
    windows,
    metrics,
    newId: uuidv7,
    now: () => new Date(),
    close: async () => {
      await desiredState.stop();
      await Promise.all([predictionLog.close(), windows.close(), announcer.close()]);
      await endpoints.close();
    },
  };
}

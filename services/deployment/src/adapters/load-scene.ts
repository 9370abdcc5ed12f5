import type { Tx } from "@cascade/postgres";
import type { Answers, Quality } from "../domain/analysis.ts";
import type { Endpoint } from "../domain/endpoint.ts";
import { type QualitySettings, type QualityWindow, qualityOf } from "../domain/quality.ts";
import type { Replica } from "../domain/replicas.ts";
import type { Servables } from "../domain/tell.ts";
import { findEndpoint } from "./endpoints.ts";
import { findPipeline, type KnownPipeline } from "./pipelines.ts";
import { findReplicas } from "./replicas.ts";
import { findServables } from "./servables.ts";
import { findQualityWindow, sumAnswers } from "./windows.ts";

/** Everything our own rows say of an endpoint when something has happened to it. */
export interface Scene {
  readonly endpoint: Endpoint;
  readonly known: KnownPipeline | undefined;
  readonly replicas: readonly Replica[];
  readonly answers: Answers;
  readonly quality: Quality | undefined;
  readonly servables: Servables;
}

export async function loadScene(tx: Tx, pipeline: string): Promise<Scene> {
  const [endpoint, known, replicas] = await Promise.all([
    findEndpoint(tx, pipeline),
    findPipeline(tx, pipeline),
    findReplicas(tx, pipeline),
  ]);
  const { rollout, stable } = endpoint;
  const versions = [rollout?.plan.version, rollout?.plan.previousVersion, stable?.version];
  const [answers, quality, servables] = await Promise.all([
    rollout === undefined ? { requests: 0, errors: 0 } : sumAnswers(tx, pipeline, rollout.revision),
    loadQuality(tx, endpoint, known?.quality),
    findServables(tx, pipeline, versions),
  ]);
  return { endpoint, known, replicas, answers, quality, servables };
}

async function loadQuality(
  tx: Tx,
  { pipeline, rollout }: Endpoint,
  settings: QualitySettings | undefined,
): Promise<Quality | undefined> {
  if (rollout === undefined) return undefined;
  const { version, startedAt } = rollout.plan;
  const window: QualityWindow | undefined = await findQualityWindow(tx, pipeline, version, startedAt);
  return qualityOf(settings, window);
}

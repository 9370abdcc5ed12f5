import { ModelVersionPromotedV1 } from "@cascade/contracts";
import type { ChampionMove } from "./champion.ts";
import type { ModelVersion } from "./model-version.ts";

/** The event that tells a move of the champion alias. */
export function promoted(pipeline: string, { version, evidence }: ModelVersion, move: ChampionMove) {
  return ModelVersionPromotedV1.create(pipeline, {
    version,
    ...(move.previousVersion === undefined ? {} : { previousVersion: move.previousVersion }),
    servable: evidence.candidate,
    primaryMetric: evidence.primaryMetric,
    metrics: evidence.metrics,
    reference: evidence.reference,
    datasetVersions: evidence.trainingSet.datasetVersions,
    decidedBy: move.decidedBy,
  });
}

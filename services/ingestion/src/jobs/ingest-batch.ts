import {
  type Column,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetUnchangedV1,
} from "@cascade/contracts";
import { type Given, type JobContext, job } from "@cascade/messaging";
import { findNewestColumns, insertDatasetVersion } from "../adapters/dataset-versions.ts";
import { type Ingested, ingest } from "../adapters/ingest.ts";
import { ingestAttempts } from "../adapters/tell-progress.ts";
import type { Deps } from "../deps.ts";
import { Arrival, fewFiles, filesOf } from "../domain/arrival.ts";
import { withoutReasons } from "../domain/exported-rows.ts";
import { refusedChanges } from "../domain/schema-changes.ts";
import { ingestionErrors, problemOf } from "../errors.ts";

/**
 * Takes one batch in. What is wrong with the data is a result and is not tried again: only a network, a disk
 * or a store that fails is, and a pipeline whose event is still under way.
 */
export const ingestBatch = job({
  name: "ingest-batch",
  payload: Arrival,
  emits: [DatasetIngestedV1, DatasetUnchangedV1, DatasetIngestionFailedV1],
  settings: { timeoutMs: 4 * 3_600_000, attempts: ingestAttempts, concurrency: 2 },

  run: (arrival, deps: Deps, context: JobContext) => ingest(arrival, deps, context),

  // Of the newest version as it is when the batch becomes one: others may have come meanwhile.
  load: async ({ pipeline }, tx) => ({ before: await findNewestColumns(tx, pipeline) }),

  finish: ({ pipeline, payload, result }, facts) =>
    conclude(pipeline, payload, refuseChanges(payload, result, facts.before), facts),

  fail: ({ pipeline, payload, error }, given) =>
    conclude(pipeline, payload, { outcome: "failed", problem: problemOf(error) }, given),

  record: ({ ingested }, tx, { pipeline }) => {
    if (ingested !== undefined) insertDatasetVersion(tx, pipeline, ingested);
  },
});

/** Labelled predictions are our own, and have only the columns that a model needs. */
function refuseChanges({ source }: Arrival, result: Ingested, before: readonly Column[]): Ingested {
  if (result.outcome !== "ingested" || source.kind === "feedback") return result;
  const refused = refusedChanges(
    result.schemaChanges,
    result.declared,
    before,
    ownColumns(source, result.columns),
  );
  if (refused.length === 0) return result;
  return { outcome: "failed", problem: problemOf(ingestionErrors.schemaChanged(refused)) };
}

function ownColumns(source: Arrival["source"], columns: readonly Column[]): Column[] {
  return source.kind === "files" && source.resubmits !== undefined ? withoutReasons(columns) : [...columns];
}

function conclude(pipeline: string, arrival: Arrival, result: Ingested, { now }: Given) {
  const files = fewFiles(filesOf(arrival));
  switch (result.outcome) {
    case "failed":
      return {
        events: [DatasetIngestionFailedV1.create(pipeline, { problem: result.problem, files })],
        ingested: undefined,
      };
    case "unchanged": {
      const { datasetVersion, ingestedBy } = result;
      return {
        events: [DatasetUnchangedV1.create(pipeline, { datasetVersion, ingestedBy, files })],
        ingested: undefined,
      };
    }
    case "ingested": {
      const { rows, rowCount, columns, demandsDigest } = result;
      const { batch, resubmits } = arrival.source.kind === "files" ? arrival.source : {};
      return {
        events: [
          DatasetIngestedV1.create(pipeline, {
            datasetVersion: rows.digest,
            rows,
            rowCount,
            columns,
            files: result.files,
            ...(batch === undefined ? {} : { batch }),
            ...(resubmits === undefined ? {} : { resubmits }),
          }),
        ],
        ingested: {
          datasetVersion: rows.digest,
          demandsDigest,
          arrivedBy: result.arrivedBy,
          rows,
          rowCount,
          files: result.files,
          columns: ownColumns(arrival.source, columns),
          bytesDigest: result.bytesDigest,
          batch,
          ingestedAt: now,
        },
      };
    }
    default:
      return result satisfies never;
  }
}

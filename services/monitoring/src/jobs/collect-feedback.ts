import { ArtifactRef, FeedbackCollectedV1 } from "@cascade/contracts";
import { describeError, type JobContext, job } from "@cascade/messaging";
import { z } from "zod";
import { endBatch } from "../adapters/feedback.ts";
import { writeBatch } from "../adapters/write-batch.ts";
import type { Deps } from "../deps.ts";

interface Concluded {
  readonly events?: readonly ReturnType<typeof FeedbackCollectedV1.create>[];
  readonly status: "collected" | "failed";
  readonly rowCount?: number;
}

/** Writes the labelled predictions of a batch as a data file, for ingestion to take like any other. */
export const collectFeedback = job({
  name: "collect-feedback",
  payload: z.object({ batchId: z.string() }),
  emits: [FeedbackCollectedV1],
  settings: { timeoutMs: 600_000, attempts: 10 },

  run: async ({ batchId }, deps: Deps, context: JobContext) => writeBatch(batchId, deps, context),

  finish({ pipeline, payload, result }): Concluded {
    if (result === undefined) return { status: "failed", rowCount: 0 };
    const { rows, rowCount } = result;
    const event = FeedbackCollectedV1.create(pipeline, {
      ...payload,
      rows: ArtifactRef.parse(rows),
      rowCount,
    });
    return { events: [event], status: "collected", rowCount };
  },

  fail({ error }): Concluded & { readonly reason: string } {
    return { status: "failed", reason: describeError(error).message };
  },

  record: ({ status, rowCount }, tx, { payload }) => endBatch(tx, payload.batchId, status, rowCount),
});

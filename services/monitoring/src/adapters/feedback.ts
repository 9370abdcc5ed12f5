import type { Transaction, Tx } from "@cascade/postgres";
import type { Label } from "../domain/prediction.ts";

export async function countFeedbackWaiting(tx: Tx, pipeline: string): Promise<number> {
  const { rows } = await tx.query<{ waiting: number }>(
    `select count(*) as waiting from predictions
     where pipeline = $1 and label is not null and input is not null and batch_id is null`,
    [pipeline],
  );
  return rows[0]?.waiting ?? 0;
}

/** Puts what is waiting into a batch: from here on each row belongs to exactly one. */
export function planBatch(
  tx: Transaction,
  pipeline: string,
  { batchId, rowsMax, now }: { batchId: string; rowsMax: number; now: Date },
): void {
  tx.send(
    `update predictions set batch_id = $2
     where pipeline = $1 and prediction_id in (
       select prediction_id from predictions
       where pipeline = $1 and label is not null and input is not null and batch_id is null
       order by at, prediction_id limit $3)`,
    [pipeline, batchId, rowsMax],
  );
  tx.send(
    "insert into feedback_batches (batch_id, pipeline, status, planned_at) values ($1, $2, 'planned', $3)",
    [batchId, pipeline, now],
  );
}

export interface FeedbackRow {
  readonly input: Readonly<Record<string, unknown>>;
  readonly label: Label;
  readonly at: Date;
}

export async function readBatch(tx: Tx, batchId: string): Promise<FeedbackRow[]> {
  const { rows } = await tx.query<FeedbackRow>(
    "select input, label, at from predictions where batch_id = $1 order by at, prediction_id",
    [batchId],
  );
  return rows;
}

export function endBatch(
  tx: Transaction,
  batchId: string,
  status: "collected" | "failed",
  rowCount: number | undefined,
): void {
  tx.send("update feedback_batches set status = $2, row_count = $3 where batch_id = $1", [
    batchId,
    status,
    rowCount ?? null,
  ]);
}

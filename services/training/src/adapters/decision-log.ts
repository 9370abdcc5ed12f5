import type { Transaction } from "@cascade/postgres";
import type { Answer } from "../domain/consider.ts";
import { type PlannedRun, trainerName } from "../domain/plan-run.ts";

/** Keeps one answer of the trigger policy. */
export function insertAnswer(
  tx: Transaction,
  pipeline: string,
  answer: Answer & { readonly decisionId: string; readonly decidedAt: Date },
): void {
  const values =
    answer.kind === "started"
      ? { reason: null, message: answer.trigger.reason, pending: false, runId: answer.run.runId }
      : { reason: answer.reason, message: answer.message, pending: answer.pending, runId: null };
  tx.send(
    `insert into decisions (decision_id, pipeline, trigger, outcome, reason, message, pending, run_id, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      answer.decisionId,
      pipeline,
      JSON.stringify(answer.trigger),
      answer.kind,
      values.reason,
      values.message,
      values.pending,
      values.runId,
      answer.decidedAt,
    ],
  );
}

export function insertRun(
  tx: Transaction,
  pipeline: string,
  run: PlannedRun,
  status: "queued" | "running",
  requestedAt: Date,
): void {
  tx.send(
    `insert into runs (run_id, pipeline, trigger, snapshot_id, trainer, new_rows, status, requested_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      run.runId,
      pipeline,
      JSON.stringify(run.trigger),
      run.snapshotId,
      trainerName(run.trainer),
      run.newRows,
      status,
      requestedAt,
    ],
  );
}

export interface EndedRun {
  readonly runId: string;
  readonly status: "completed" | "failed" | "cancelled";
  readonly finishedAt: Date;
  readonly durationMs?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly problem?: object;
}

export function endRun(tx: Transaction, run: EndedRun): void {
  tx.send(
    `update runs set status = $2, finished_at = $3, duration_ms = $4, metrics = $5, problem = $6 where run_id = $1`,
    [
      run.runId,
      run.status,
      run.finishedAt,
      run.durationMs ?? null,
      run.metrics === undefined ? null : JSON.stringify(run.metrics),
      run.problem === undefined ? null : JSON.stringify(run.problem),
    ],
  );
}

import type { Transaction } from "@cascade/postgres";
import type { Answer } from "../domain/consider.ts";
import { PlannedRun, trainerName } from "../domain/plan-run.ts";
import { type KnownRun, MadeByRun } from "../domain/reproduce-run.ts";

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
    `insert into runs (run_id, pipeline, trigger, snapshot_id, trainer, new_rows, status, requested_at, plan)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      run.runId,
      pipeline,
      JSON.stringify(run.trigger),
      run.snapshotId,
      trainerName(run.trainer),
      run.newRows,
      status,
      requestedAt,
      JSON.stringify(run),
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
  /** Where it has made a model. */
  readonly made?: MadeByRun;
}

export function endRun(tx: Transaction, run: EndedRun): void {
  tx.send(
    `update runs set status = $2, finished_at = $3, duration_ms = $4, metrics = $5, problem = $6, made = $7 where run_id = $1`,
    [
      run.runId,
      run.status,
      run.finishedAt,
      run.durationMs ?? null,
      run.metrics === undefined ? null : JSON.stringify(run.metrics),
      run.problem === undefined ? null : JSON.stringify(run.problem),
      run.made === undefined ? null : JSON.stringify(run.made),
    ],
  );
}

/** A run as it was planned, and what came of it. */
export async function findKnownRun(
  tx: Transaction,
  pipeline: string,
  runId: string,
): Promise<KnownRun | undefined> {
  const { rows } = await tx.query<{ status: string; plan: unknown; made: unknown }>(
    "select status, plan, made from runs where run_id = $1 and pipeline = $2",
    [runId, pipeline],
  );
  const row = rows[0];
  return (
    row && {
      status: row.status,
      plan: row.plan === null ? undefined : PlannedRun.parse(row.plan),
      made: row.made === null ? undefined : MadeByRun.parse(row.made),
    }
  );
}

import type { Transaction, Tx } from "@cascade/postgres";
import { type CancellableRun, Cancellation, type UnclaimedRun } from "../domain/cancel-run.ts";
import { jobNames } from "../domain/consequences.ts";
import { PlannedRun } from "../domain/plan-run.ts";

/** What a person has said of a run; undefined where nobody wants it ended. */
export async function findCancellation(tx: Tx, runId: string): Promise<Cancellation | undefined> {
  const { rows } = await tx.query<{ cancellation: unknown }>(
    "select cancellation from runs where run_id = $1 and cancellation is not null",
    [runId],
  );
  return rows[0] && Cancellation.parse(rows[0].cancellation);
}

export async function findCancellableRun(
  tx: Tx,
  pipeline: string,
  runId: string,
): Promise<CancellableRun | undefined> {
  const { rows } = await tx.query<{
    status: CancellableRun["status"];
    finished_at: Date | null;
    cancellation: unknown;
  }>("select status, finished_at, cancellation from runs where run_id = $1 and pipeline = $2", [
    runId,
    pipeline,
  ]);
  const row = rows[0];
  return (
    row && {
      status: row.status,
      finishedAt: row.finished_at ?? undefined,
      cancellation: row.cancellation === null ? undefined : Cancellation.parse(row.cancellation),
    }
  );
}

/**
 * The job of a run, where no worker has it, held until the transaction ends. What another transaction holds is about
 * to be claimed or to end: waiting for it could be for ever, as an end waits for the pipeline that we hold.
 */
export async function holdUnclaimedRun(tx: Tx, runId: string): Promise<UnclaimedRun | undefined> {
  const { rows } = await tx.query<{ payload: unknown; has_started: boolean }>(
    `select payload, fence > 0 as has_started from jobs where name = $1 and key = $2 and status = 'queued' for update skip locked`,
    [jobNames.runTraining, runId],
  );
  const row = rows[0];
  return row && { run: PlannedRun.parse(row.payload), hasStarted: row.has_started };
}

export function endUnclaimedRun(tx: Transaction, runId: string): void {
  tx.send(
    `update jobs set status = 'failed', last_error = 'cancelled', finished_at = now()
     where name = $1 and key = $2 and status = 'queued'`,
    [jobNames.runTraining, runId],
  );
}

/** Whoever carries out the run looks for this. */
export function saveCancellation(tx: Transaction, runId: string, cancellation: Cancellation): void {
  tx.send("update runs set cancellation = $2 where run_id = $1", [runId, JSON.stringify(cancellation)]);
}

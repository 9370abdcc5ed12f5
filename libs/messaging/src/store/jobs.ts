import type { Tx } from "@cascade/postgres";

/** What the events of a job continue: the event that planned it. */
export interface Cause {
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

/** A job as it is planned. */
export interface JobRow {
  readonly jobId: string;
  readonly name: string;
  readonly key: string;
  readonly pipeline: string;
  readonly payload: unknown;
  readonly cause: Cause;
  readonly notBefore?: Date;
  /** Where it is set, the job is claimed as it is planned, for a worker that begins after the commit. */
  readonly leaseMs?: number;
}

export interface ClaimedJob extends Omit<JobRow, "notBefore" | "leaseMs"> {
  readonly attempt: number;
  readonly fence: number;
}

/** Plans jobs and returns the ids of those that are new: a job of the same name and key is the same job. */
export async function insertJobs(tx: Tx, jobs: readonly JobRow[]): Promise<Set<string>> {
  if (jobs.length === 0) return new Set();
  const { rows } = await tx.query<{ job_id: string }>(
    `insert into jobs (job_id, name, key, pipeline, payload, cause, not_before, status, attempts, fence,
                       lease_until)
     select j.id, j.name, j.key, j.pipeline, j.payload::jsonb, j.cause::jsonb, coalesce(j.not_before, now()),
            case when j.lease_ms is null then 'queued' else 'running' end, c.claims, c.claims,
            now() + make_interval(secs => j.lease_ms / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                 $8::float8[]) as j (id, name, key, pipeline, payload, cause, not_before, lease_ms)
     cross join lateral (select case when j.lease_ms is null then 0 else 1 end) as c (claims)
     on conflict (name, key) do nothing
     returning job_id`,
    [
      jobs.map((job) => job.jobId),
      jobs.map((job) => job.name),
      jobs.map((job) => job.key),
      jobs.map((job) => job.pipeline),
      jobs.map((job) => JSON.stringify(job.payload)),
      jobs.map((job) => JSON.stringify(job.cause)),
      jobs.map((job) => job.notBefore?.toISOString() ?? null),
      jobs.map((job) => job.leaseMs ?? null),
    ],
  );
  return new Set(rows.map((row) => row.job_id));
}

/** Takes the next job that is due, or one whose worker has let its lease run out. */
export async function claimJob(tx: Tx, name: string, leaseMs: number): Promise<ClaimedJob | undefined> {
  const { rows } = await tx.query<{
    job_id: string;
    name: string;
    key: string;
    pipeline: string;
    payload: unknown;
    cause: Cause;
    attempts: number;
    fence: number;
  }>(
    `update jobs set status = 'running', attempts = attempts + 1, fence = fence + 1,
       lease_until = now() + make_interval(secs => $2::float8 / 1000)
     where job_id = (
       select job_id from jobs
       where name = $1
         and ((status = 'queued' and not_before <= now()) or (status = 'running' and lease_until < now()))
       order by not_before, created_at limit 1 for update skip locked
     )
     returning job_id, name, key, pipeline, payload, cause, attempts, fence`,
    [name, leaseMs],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    jobId: row.job_id,
    name: row.name,
    key: row.key,
    pipeline: row.pipeline,
    payload: row.payload,
    cause: row.cause,
    attempt: row.attempts,
    fence: row.fence,
  };
}

/** Prolongs the lease; false when the job has been taken over. */
export async function extendLease(tx: Tx, job: ClaimedJob, leaseMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update jobs set lease_until = now() + make_interval(secs => $3::float8 / 1000)
     where job_id = $1 and fence = $2 and status = 'running'`,
    [job.jobId, job.fence, leaseMs],
  );
  return rowCount === 1;
}

/** Ends a job; false when this worker no longer owns it, and its result must be thrown away. */
export async function endJob(
  tx: Tx,
  job: ClaimedJob,
  status: "succeeded" | "failed",
  lastError: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update jobs set status = $3, last_error = $4, finished_at = now(), lease_until = null
     where job_id = $1 and fence = $2 and status = 'running'`,
    [job.jobId, job.fence, status, lastError],
  );
  return rowCount === 1;
}

/** Puts a job back into the queue. A job handed back by a stopping service does not lose an attempt. */
export async function requeueJob(
  tx: Tx,
  job: ClaimedJob,
  options: { delayMs: number; lastError: string; countAttempt: boolean },
): Promise<void> {
  await tx.query(
    `update jobs set status = 'queued', lease_until = null, last_error = $4,
       attempts = attempts - $5, not_before = now() + make_interval(secs => $3::float8 / 1000)
     where job_id = $1 and fence = $2 and status = 'running'`,
    [job.jobId, job.fence, options.delayMs, options.lastError, options.countAttempt ? 0 : 1],
  );
}

import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Decision, Given } from "../decision.ts";
import { describeError, Reject } from "../errors.ts";
import type { AnyJob, JobRun } from "../job.ts";
import type { ClaimedJob } from "../store/jobs.ts";
import { collect } from "./apply-event.ts";
import { publishProgress } from "./progress.ts";
import { repeat } from "./repeat.ts";
import { inSpan, startJobSpan } from "./tracing.ts";
import { transact } from "./transact.ts";
import type { World } from "./world.ts";

export interface JobWorker {
  /** Keeps a slot free for a job that is about to be planned; undefined where the job has to queue. */
  reserve(): Slot | undefined;
  /** Says that jobs have been queued. */
  wake(): void;
  stop(): Promise<void>;
}

/** Room for one more job in this process. */
export interface Slot {
  readonly leaseMs: number;
  begin(job: ClaimedJob): void;
  release(): void;
}

/** Claims and runs the jobs of one kind, up to its concurrency at once in this process. */
export function startJobWorker(world: World, job: AnyJob, deps: unknown): JobWorker {
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>();
  const concurrency = job.concurrency?.(deps) ?? job.settings.concurrency ?? 1;
  const leaseMs = job.settings.leaseMs ?? world.settings.jobLeaseMs;
  let reserved = 0;
  // Whoever has queued first begins first: no job gets a slot while others may be waiting for one.
  let mayBeQueued = true;
  let stopping = false;

  const isFree = () => !stopping && running.size + reserved < concurrency;

  const begin = (claimed: ClaimedJob): void => {
    world.crash("job.claimed");
    const controller = new AbortController();
    const done = execute(world, job, deps, claimed, {
      controller,
      leaseMs,
      isStopping: () => stopping,
    }).finally(() => {
      running.delete(claimed.jobId);
      if (mayBeQueued) claiming.wake();
    });
    running.set(claimed.jobId, { controller, done });
  };

  const claimAll = async (): Promise<void> => {
    while (isFree()) {
      reserved += 1;
      mayBeQueued = false;
      const claimed = await world.store.claimJob(world.database, job.name, leaseMs).finally(() => {
        reserved -= 1;
      });
      if (claimed === undefined) return;
      mayBeQueued = true;
      begin(claimed);
    }
  };

  const claiming = repeat(world.clock, world.settings.jobPollIntervalMs, claimAll, (error) =>
    world.log.warn({ job: job.name, error: describeError(error) }, "jobs could not be claimed; trying again"),
  );
  claiming.wake();

  return {
    reserve: () => {
      if (mayBeQueued || !isFree()) return undefined;
      reserved += 1;
      return {
        leaseMs,
        begin: (claimed) => {
          reserved -= 1;
          begin(claimed);
        },
        release: () => {
          reserved -= 1;
        },
      };
    },
    wake: () => {
      mayBeQueued = true;
      claiming.wake();
    },
    stop: async () => {
      stopping = true;
      await claiming.stop();
      const endGrace = world.clock.after(world.settings.jobStopGraceMs, () => {
        for (const { controller } of running.values()) controller.abort(new Error("the service is stopping"));
      });
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
      endGrace();
    },
  };
}

interface Execution {
  readonly controller: AbortController;
  readonly leaseMs: number;
  isStopping(): boolean;
}

/** Runs one claimed job to its conclusion. Never throws. */
async function execute(
  world: World,
  job: AnyJob,
  deps: unknown,
  claimed: ClaimedJob,
  { controller, leaseMs, isStopping }: Execution,
): Promise<void> {
  const startedAt = performance.now();
  const { cause } = claimed;
  const fields = {
    eventId: cause.eventId,
    eventType: job.name,
    pipeline: claimed.pipeline,
    correlationId: cause.correlationId,
  };
  const log = world.log.child({
    job: job.name,
    jobId: claimed.jobId,
    pipeline: claimed.pipeline,
    correlationId: cause.correlationId,
  });
  const finished = (outcome: "succeeded" | "retried" | "failed" | "lost") =>
    world.metrics.jobFinished(job.name, outcome, (performance.now() - startedAt) / 1000);
  const endHeartbeat = world.clock.every(leaseMs / 3, () => {
    world.store.extendLease(world.database, claimed, leaseMs).then(
      (owned) => owned || controller.abort(new Error("the lease was taken over by another worker")),
      (error) => log.warn({ error: describeError(error) }, "a lease could not be prolonged"),
    );
  });
  const endLimit = world.clock.after(job.settings.timeoutMs, () =>
    controller.abort(new Error(`the job took longer than ${job.settings.timeoutMs} ms`)),
  );
  try {
    const payload: unknown = job.payload.parse(claimed.payload);
    const run: JobRun<unknown> = {
      jobId: claimed.jobId,
      pipeline: claimed.pipeline,
      payload,
      attempt: claimed.attempt,
    };
    try {
      const { span, at } = startJobSpan(job.name, fields, cause.traceparent);
      await inSpan(span, at, async () => {
        const emit = { claimed, job, run, at };
        // Its beginning is told while it works: nobody waits for that, except its end.
        const begun = job.begin && recordBegin(world, emit, job.begin(run, given(world)));
        begun?.catch(() => {});
        const runningSince = performance.now();
        const running: Promise<unknown> = job.run(payload, deps, {
          ...given(world),
          signal: controller.signal,
          pipeline: claimed.pipeline,
          correlationId: cause.correlationId,
          attempt: claimed.attempt,
          progress: (update) => publishProgress(world, { ...fields, job: job.name, ...update }),
        });
        // Also where the work fails: its end is told after its beginning.
        const result = await running.finally(() => begun?.catch(() => {}));
        world.metrics.jobRan(job.name, (performance.now() - runningSince) / 1000);
        await begun;
        world.crash("job.before_finish");
        const owned = await conclude(world, emit, "succeeded", null, (facts) =>
          job.finish({ ...run, result }, facts),
        );
        world.crash("job.after_commit");
        finished(owned ? "succeeded" : "lost");
      });
    } catch (error) {
      await settle(world, { claimed, job, run, at: ROOT_CONTEXT }, error, isStopping(), finished);
    }
  } catch (error) {
    // The database is away or the payload is unreadable: the lease runs out and another attempt follows.
    log.error({ error: describeError(error) }, "a job could not be settled");
    finished("lost");
  } finally {
    endHeartbeat();
    endLimit();
  }
}

interface Emit {
  readonly claimed: ClaimedJob;
  readonly job: AnyJob;
  readonly run: JobRun<unknown>;
  readonly at: Parameters<typeof inSpan>[1];
}

async function settle(
  world: World,
  emit: Emit,
  error: unknown,
  stopping: boolean,
  finished: (outcome: "retried" | "failed" | "lost") => void,
): Promise<void> {
  const { claimed, job, run } = emit;
  const { message } = describeError(error);
  const final = error instanceof Reject || claimed.attempt >= job.settings.attempts;
  if (stopping || !final) {
    const delayMs = stopping
      ? 0
      : Math.min(world.settings.retryMaxMs, world.settings.retryBaseMs * 2 ** claimed.attempt);
    world.log.warn(
      { job: job.name, jobId: claimed.jobId, attempt: claimed.attempt, error: describeError(error) },
      "a job is tried again",
    );
    await world.store.requeueJob(world.database, claimed, {
      delayMs,
      lastError: message,
      countAttempt: !stopping,
    });
    return finished("retried");
  }
  const owned = await conclude(world, emit, "failed", message, (facts) => job.fail({ ...run, error }, facts));
  world.log.error({ job: job.name, jobId: claimed.jobId, error: describeError(error) }, "a job has failed");
  finished(owned ? "failed" : "lost");
}

/** Decides, records and emits in one transaction that only the owner of the lease can commit. */
async function conclude(
  world: World,
  { claimed, job, run, at }: Emit,
  status: "succeeded" | "failed",
  lastError: string | null,
  decide: (facts: object & Given) => Decision,
): Promise<boolean> {
  return await transact(world, async (tx, consequences) => {
    const ending = world.store.endJob(tx, claimed, status, lastError);
    world.store.lockPipelines(tx, [claimed.pipeline]);
    if (!(await ending)) return false;
    const loaded: object = (await job.load?.(run, tx)) ?? {};
    const decision = decide({ ...loaded, ...given(world) });
    await job.record?.(decision, tx, run);
    collect(world, decision, { ...job, pipeline: claimed.pipeline, cause: claimed.cause, at }, consequences);
    return true;
  });
}

async function recordBegin(world: World, { claimed, job, at }: Emit, decision: Decision): Promise<void> {
  await transact(world, async (_, consequences) =>
    collect(world, decision, { ...job, pipeline: claimed.pipeline, cause: claimed.cause, at }, consequences),
  );
}

function given(world: World): Given {
  return { now: world.now(), newId: world.newId };
}

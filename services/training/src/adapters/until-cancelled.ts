import { setTimeout as delay } from "node:timers/promises";
import { describeError, type JobContext } from "@cascade/messaging";
import type { ServiceDeps } from "../deps.ts";
import type { Cancellation } from "../domain/cancel-run.ts";
import { findCancellation } from "./cancellations.ts";
import { EndedOnPurpose } from "./ended-on-purpose.ts";

export interface CancelledRun extends Cancellation {
  readonly outcome: "cancelled";
}

/**
 * Does the work of a run until a person wants it ended, which any replica may have been told: the run's row says it.
 * By the time that it returns, what the work had started is gone.
 */
export async function untilCancelled<T>(
  runId: string,
  { database, config, log }: ServiceDeps,
  context: JobContext,
  work: (context: JobContext) => Promise<T>,
): Promise<T | CancelledRun> {
  const ended = new AbortController();
  const stop = new AbortController();
  let cancellation: Cancellation | undefined;
  const look = async () => {
    while (!ended.signal.aborted) {
      try {
        cancellation = await findCancellation(database, runId);
      } catch (error) {
        log.warn(
          { runId, error: describeError(error) },
          "whether a run is cancelled is not known; looking again",
        );
      }
      if (cancellation !== undefined) return stop.abort(new EndedOnPurpose("a person has cancelled the run"));
      await delay(config.cancellationLookIntervalMs, undefined, { signal: ended.signal }).catch(() => {});
    }
  };
  const looking = look();
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, stop.signal]) });
  } catch (error) {
    if (cancellation === undefined) throw error;
    return { outcome: "cancelled", ...cancellation };
  } finally {
    ended.abort();
    await looking;
  }
}

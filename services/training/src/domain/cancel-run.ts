import type { Problem } from "@cascade/contracts";
import { z } from "zod";
import { cancellationProblems } from "../errors.ts";
import type { PlannedRun } from "./plan-run.ts";

/** Who has ended a run before its time, and why. */
export const Cancellation = z.object({ by: z.string(), reason: z.string() });
export type Cancellation = z.infer<typeof Cancellation>;

/** What is known of the run that is to be cancelled. */
export interface CancellableRun {
  readonly status: "queued" | "running" | "completed" | "failed" | "cancelled";
  readonly finishedAt: Date | undefined;
  readonly cancellation: Cancellation | undefined;
}

/** A run whose job no worker has. */
export interface UnclaimedRun {
  readonly run: PlannedRun;
  /** A worker had it before, and was stopped or has failed. */
  readonly hasStarted: boolean;
}

export type CancelDecision =
  /** No worker has it: it ends here. */
  | { readonly kind: "withdraw" }
  /** A worker of some replica has it: that one ends it, and tells. */
  | { readonly kind: "tell-worker" }
  | { readonly kind: "refuse"; readonly problem: Problem };

/** Decides what becomes of a request to cancel a run. */
export function decideCancellation(
  runId: string,
  pipeline: string,
  run: CancellableRun | undefined,
  isUnclaimed: boolean,
): CancelDecision {
  if (run === undefined) return { kind: "refuse", problem: cancellationProblems.unknown(runId, pipeline) };
  const { status, finishedAt, cancellation } = run;
  switch (status) {
    case "completed":
    case "failed":
    case "cancelled":
      return { kind: "refuse", problem: cancellationProblems.over(status, finishedAt) };
    case "queued":
    case "running":
      if (cancellation !== undefined) {
        return { kind: "refuse", problem: cancellationProblems.asked(cancellation.by) };
      }
      return { kind: isUnclaimed ? "withdraw" : "tell-worker" };
    default:
      return status satisfies never;
  }
}

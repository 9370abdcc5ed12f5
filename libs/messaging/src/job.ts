import type { EventDefinition, NewEvent } from "@cascade/contracts";
import type { Transaction } from "@cascade/postgres";
import type { z } from "zod";
import type { Decision, Given } from "./decision.ts";

/** A wish for long work, returned by a decision and recorded in its transaction. */
export interface PlannedJob {
  readonly job: string;
  readonly payload: unknown;
  /** A second job with the same name and key is the same job. */
  readonly key: string;
  readonly notBefore?: Date;
  /** Where it is another pipeline's than the one of the event or job that plans it. */
  readonly pipeline?: string;
  /** An event of the same decision that the job continues, instead of the one that the decision is about. */
  readonly follows?: NewEvent;
  /** It belongs to no trace: for what comes again and again, as the trace of its first cause would never end. */
  readonly untraced?: boolean;
}

export interface JobContext extends Given {
  /** Aborted at the time limit, when the lease is lost, and when the service stops. */
  readonly signal: AbortSignal;
  readonly pipeline: string;
  readonly correlationId: string;
  readonly attempt: number;
  /** Shows progress to whoever follows the cascade; lossy on purpose. */
  progress(update: JobProgress): void;
}

export interface JobProgress {
  readonly message: string;
  /** 0 to 1. */
  readonly share?: number;
}

interface JobSettings {
  readonly timeoutMs: number;
  /** How often it is tried; a `Reject` ends it at once. */
  readonly attempts: number;
  readonly leaseMs?: number;
  /** How many run at once in one process. */
  readonly concurrency?: number;
}

/** The job as the parts that conclude it see it. */
export interface JobRun<Payload> {
  readonly jobId: string;
  readonly pipeline: string;
  readonly payload: Payload;
  readonly attempt: number;
}

/**
 * Long work outside of any transaction. `begin` may emit when an attempt starts; `run` works; `finish` or,
 * after the last attempt, `fail` decides and records in one transaction guarded by the fencing token.
 */
export interface Job<
  Deps,
  Payload,
  Result,
  Emitted extends string,
  Loaded extends object,
  Made extends Decision<Emitted>,
> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  // biome-ignore lint/suspicious/noExplicitAny: only the type of the emitted events matters here.
  readonly emits: readonly EventDefinition<any, Emitted>[];
  readonly settings: JobSettings;
  /** How many run at once in one process, where a setting of the service says it. */
  concurrency?(deps: Deps): number;
  begin?(job: JobRun<Payload>, given: Given): Decision<Emitted>;
  run(payload: Payload, deps: Deps, context: JobContext): Promise<Result>;
  load?(job: JobRun<Payload>, tx: Transaction): Promise<Loaded>;
  finish(job: JobRun<Payload> & { readonly result: Result }, facts: Loaded & Given): Made;
  fail(job: JobRun<Payload> & { readonly error: unknown }, facts: Loaded & Given): Made;
  record?(decision: Made, tx: Transaction, job: JobRun<Payload>): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the runtime treats jobs of all kinds alike.
export type AnyJob<Deps = any> = Job<Deps, any, any, string, any, any>;

export interface PlannableJob<Payload> {
  /** `key` makes planning idempotent. `notBefore` turns the job into a timer. */
  plan(payload: Payload, options: Omit<PlannedJob, "job" | "payload">): PlannedJob;
}

/** Declares a job. */
export function job<
  Payload,
  Result,
  const Emitted extends string,
  Made extends Decision<Emitted>,
  Deps = unknown,
  Loaded extends object = object,
>(
  definition: Job<Deps, Payload, Result, Emitted, Loaded, Made>,
): Job<Deps, Payload, Result, Emitted, Loaded, Made> & PlannableJob<Payload> {
  return { ...definition, plan: (payload, options) => ({ job: definition.name, payload, ...options }) };
}

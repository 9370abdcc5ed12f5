import type { NewEvent } from "@cascade/contracts";
import type { Transaction } from "@cascade/postgres";
import { type Context, context } from "@opentelemetry/api";
import { type Decision, type Given, isIgnored } from "../decision.ts";
import { MessagingError } from "../errors.ts";
import type { PlannedJob } from "../job.ts";
import type { AnyReaction, Incoming } from "../reaction.ts";
import type { Cause, JobRow } from "../store/jobs.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { prepareEvent } from "./outgoing.ts";
import { traceparentOf } from "./tracing.ts";
import type { World } from "./world.ts";

/** What a transaction leaves to be published and done once it has committed. */
export interface Consequences {
  readonly outbox: OutboxRow[];
  readonly jobs: JobRow[];
}

export interface Prepared {
  readonly event: Incoming<unknown>;
  readonly gathered: object;
  readonly at: Context;
}

/** Loads, decides and records one event inside a transaction; returns the reason where it was ignored. */
export async function applyEvent(
  world: World,
  reaction: AnyReaction,
  { event, gathered, at }: Prepared,
  tx: Transaction,
  consequences: Consequences,
): Promise<string | undefined> {
  return context.with(at, async () => {
    const loaded: object = (await reaction.load?.(event, tx)) ?? {};
    const given: Given = { now: world.now(), newId: world.newId };
    const decision = reaction.decide(event, { ...gathered, ...loaded, ...given });
    if (isIgnored(decision)) return decision.reason;
    await reaction.record?.(decision, tx, event);
    const cause = { eventId: event.id, correlationId: event.correlationId };
    collect(
      world,
      decision,
      { name: reaction.name, emits: reaction.emits, pipeline: event.pipeline, cause, at },
      consequences,
    );
    return undefined;
  });
}

export interface Emitter {
  readonly name: string;
  readonly emits: readonly { readonly type: string }[];
  readonly pipeline: string;
  readonly cause: { readonly eventId: string; readonly correlationId: string };
  readonly at: Context;
}

/** Adds the events and jobs of a decision to what will follow from its transaction. */
export function collect(world: World, decision: Decision, emitter: Emitter, into: Consequences): void {
  const rows = new Map<NewEvent, OutboxRow>();
  for (const event of decision.events ?? []) rows.set(event, prepare(world, event, emitter));
  into.outbox.push(...rows.values());
  for (const planned of decision.jobs ?? []) {
    const followed = planned.follows && rows.get(planned.follows);
    into.jobs.push(jobRow(world, planned, emitter, followed));
  }
}

function prepare(world: World, event: NewEvent, emitter: Emitter): OutboxRow {
  if (!emitter.emits.some((definition) => definition.type === event.type)) {
    throw new MessagingError(
      "EVENT_NOT_DECLARED",
      `${emitter.name} emits ${event.type}: add it to its \`emits\`.`,
    );
  }
  return prepareEvent(event, {
    source: world.source,
    cause: emitter.cause,
    at: emitter.at,
    now: world.now(),
    newId: world.newId,
  });
}

function jobRow(
  world: World,
  planned: PlannedJob,
  emitter: Emitter,
  followed: OutboxRow | undefined,
): JobRow {
  return {
    jobId: world.newId(),
    name: planned.job,
    key: planned.key,
    pipeline: planned.pipeline ?? emitter.pipeline,
    payload: planned.payload,
    cause: followed === undefined ? causeOf(emitter, planned.untraced ?? false) : asCause(followed),
    ...(planned.notBefore === undefined ? {} : { notBefore: planned.notBefore }),
  };
}

function causeOf({ cause, at }: Emitter, untraced: boolean): Cause {
  const traceparent = untraced ? undefined : traceparentOf(at);
  return { ...cause, ...(traceparent === undefined ? {} : { traceparent }) };
}

function asCause({ eventId, correlationId, headers }: OutboxRow): Cause {
  const traceparent = headers.find(([name]) => name === "ce-traceparent")?.[1];
  return { eventId, correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
}

import { context, type Span } from "@opentelemetry/api";
import { describeError } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import { applyEvent, type Prepared } from "./apply-event.ts";
import type { Delivery } from "./delivery.ts";
import { settleFailure } from "./failure.ts";
import { mapLimited } from "./map-limited.ts";
import { gatherFor, readDelivery } from "./prepare-event.ts";
import { failSpan, startProcessing } from "./tracing.ts";
import { transact } from "./transact.ts";
import type { World } from "./world.ts";

interface Pending extends Prepared {
  readonly delivery: Delivery;
  readonly span: Span;
  readonly startedAt: number;
}

/**
 * Handles what arrived while the last transaction ran, in one transaction. Where that fails, each event is
 * handled on its own, so that a poison event harms nobody else.
 */
export async function handleEvents(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  deliveries: readonly Delivery[],
): Promise<void> {
  const concurrency = world.settings.gatherConcurrency;
  const prepared = await mapLimited(deliveries, concurrency, (delivery) =>
    prepare(world, reaction, deps, delivery),
  );
  const batch = prepared.filter((pending) => pending !== undefined);
  if (batch.length > 1) {
    try {
      await commit(world, reaction, batch);
      return;
    } catch (error) {
      world.log.debug(
        { reaction: reaction.name, events: batch.length, error: describeError(error) },
        "a batch failed; its events are handled one by one",
      );
    }
  }
  for (const pending of batch) {
    try {
      await commit(world, reaction, [pending]);
    } catch (error) {
      await fail(world, reaction, pending, error);
    }
  }
}

async function prepare(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  delivery: Delivery,
): Promise<Pending | undefined> {
  const startedAt = performance.now();
  let span: Span | undefined;
  try {
    const event = readDelivery(world, reaction, delivery);
    const started = startProcessing(
      {
        eventId: event.id,
        eventType: event.type,
        pipeline: event.pipeline,
        correlationId: event.correlationId,
        consumer: reaction.name,
      },
      event.traceparent,
    );
    span = started.span;
    const gathered = await context.with(started.at, () => gatherFor(world, reaction, deps, event));
    return { delivery, event, gathered, at: started.at, span: started.span, startedAt };
  } catch (error) {
    if (span !== undefined) endSpan(span, error);
    await settleFailure(world, reaction, delivery, error, startedAt);
    return undefined;
  }
}

async function commit(world: World, reaction: AnyReaction, batch: readonly Pending[]): Promise<void> {
  const reasons = new Map<string, string>();
  const fresh = await transact(
    world,
    async (tx, consequences) => {
      const receiving = world.store.insertInbox(
        tx,
        reaction.name,
        batch.map(({ event, delivery: { position } }) => ({
          eventId: event.id,
          eventType: event.type,
          pipeline: event.pipeline,
          position,
        })),
      );
      world.store.lockPipelines(
        tx,
        batch.map(({ event }) => event.pipeline),
      );
      const received = await receiving;
      world.crash("inbox.in_tx");
      const todo = firstOfEach(batch.filter(({ event }) => received.has(event.id)));
      for (const pending of todo) {
        const reason = await applyEvent(world, reaction, pending, tx, consequences);
        if (reason === undefined) continue;
        reasons.set(pending.event.id, reason);
        world.store.markInbox(tx, reaction.name, pending.event.id, "ignored", reason);
      }
      const retried = todo.filter(({ delivery }) => delivery.deliveryCount > 1).map(({ event }) => event.id);
      if (retried.length > 0) world.store.forgetAttempts(tx, reaction.name, retried);
      return received;
    },
    () => world.crash("inbox.after_commit"),
  );
  for (const pending of batch) settle(world, reaction, pending, fresh, reasons.get(pending.event.id));
}

function settle(
  world: World,
  reaction: AnyReaction,
  { delivery, event, span, startedAt }: Pending,
  fresh: ReadonlySet<string>,
  reason: string | undefined,
): void {
  delivery.ack();
  const duplicate = !fresh.has(event.id);
  const outcome = duplicate ? "duplicate" : reason === undefined ? "handled" : "ignored";
  const fields = {
    reaction: reaction.name,
    eventId: event.id,
    eventType: event.type,
    pipeline: event.pipeline,
    correlationId: event.correlationId,
    outcome,
    ...(reason === undefined ? {} : { reason }),
  };
  world.log.debug(fields, "event handled");
  world.metrics.eventHandled(reaction.name, outcome, (performance.now() - startedAt) / 1000);
  span.setAttribute("cascade.outcome", outcome);
  span.end();
}

async function fail(world: World, reaction: AnyReaction, pending: Pending, error: unknown): Promise<void> {
  endSpan(pending.span, error);
  await settleFailure(world, reaction, pending.delivery, error, pending.startedAt);
}

function endSpan(span: Span, error: unknown): void {
  failSpan(span, error);
  span.end();
}

/** The same event may stand twice in one batch, when it was delivered again before it was handled. */
function firstOfEach(batch: readonly Pending[]): Pending[] {
  const seen = new Set<string>();
  return batch.filter(({ event }) => !seen.has(event.id) && seen.add(event.id));
}

import { DeadLetterRedrivenV1 } from "@cascade/contracts";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { describeError } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import type { DeadLetter } from "../store/dead-letters.ts";
import { applyEvent } from "./apply-event.ts";
import { finalReason, recordedEvent } from "./failure.ts";
import { prepareEvent } from "./outgoing.ts";
import { gatherFor, readDelivery } from "./prepare-event.ts";
import { inSpan, startProcessing } from "./tracing.ts";
import { transact } from "./transact.ts";
import type { World } from "./world.ts";

export interface RedriveRequest {
  readonly by: string;
  readonly cause: { readonly eventId: string; readonly correlationId: string };
}

/**
 * Handles the event of a dead letter. Its row is locked and closed in the same transaction as the effects, so that
 * any number of requests has one effect.
 */
export async function applyLetter(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  letter: DeadLetter,
  request: RedriveRequest,
): Promise<void> {
  const event = readDelivery(world, reaction, letter);
  const { span, at } = startProcessing(
    {
      eventId: event.id,
      eventType: event.type,
      pipeline: event.pipeline,
      correlationId: event.correlationId,
    },
    event.traceparent,
  );
  await inSpan(span, at, async () => {
    const gathered = await gatherFor(world, reaction, deps, event);
    await transact(world, async (tx, consequences) => {
      if ((await world.store.lockOpenDeadLetter(tx, letter.deadLetterId)) === undefined) return;
      world.store.lockPipelines(tx, [event.pipeline]);
      const reason = await applyEvent(
        world,
        reaction,
        { event, gathered, at: context.active() },
        tx,
        consequences,
      );
      world.store.markInbox(
        tx,
        reaction.name,
        letter.eventId,
        reason === undefined ? "handled" : "ignored",
        reason ?? null,
      );
      world.store.forgetAttempts(tx, reaction.name, [letter.eventId]);
      world.store.closeDeadLetter(tx, letter.deadLetterId);
      consequences.outbox.push(redrivenEvent(world, letter, event.pipeline, request));
    });
  });
}

function redrivenEvent(world: World, letter: DeadLetter, pipeline: string, request: RedriveRequest) {
  const data = { deadLetterId: letter.deadLetterId, service: world.service, by: request.by };
  return prepareEvent(DeadLetterRedrivenV1.create(pipeline, data), {
    source: world.source,
    cause: request.cause,
    at: ROOT_CONTEXT,
    now: world.now(),
    newId: world.newId,
  });
}

/** Records that a dead letter could not be handled again, and why this time. */
export async function recordFurtherFailure(
  world: World,
  letter: DeadLetter,
  error: unknown,
  attempts: number,
): Promise<void> {
  const reason = finalReason(error) ?? "attempts-exhausted";
  const failed: DeadLetter = { ...letter, reason, error: describeError(error), attempts };
  await transact(world, async (tx, consequences) => {
    // Somebody else may have handled it while this attempt failed: what is closed must not be opened again.
    const open = await world.store.lockOpenDeadLetter(tx, letter.deadLetterId);
    if (open === undefined) return;
    await world.store.upsertDeadLetter(tx, failed);
    const outcome = reason === "unsupported-version" ? "parked" : "dead";
    world.store.markInbox(tx, letter.consumer, letter.eventId, outcome, reason);
    consequences.outbox.push(recordedEvent(world, { ...failed, attempts: letter.attempts + attempts }));
  });
}

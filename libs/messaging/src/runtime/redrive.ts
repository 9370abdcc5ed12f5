import { DeadLetterRedrivenV1, DeadLetterRedriveRequestedV1, redriveReactionName } from "@cascade/contracts";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { describeError } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import type { DeadLetter } from "../store/dead-letters.ts";
import { applyEvent } from "./apply-event.ts";
import type { Delivery } from "./delivery.ts";
import { identify, recordedEvent, settleFailure } from "./failure.ts";
import { readAs } from "./incoming.ts";
import { prepareEvent } from "./outgoing.ts";
import { decodeRaw, gatherFor, readDelivery } from "./prepare-event.ts";
import { inSpan, startProcessing } from "./tracing.ts";
import { transact } from "./transact.ts";
import type { World } from "./world.ts";

interface Request {
  readonly by: string;
  readonly cause: { readonly eventId: string; readonly correlationId: string };
}

/** Every service hears a request for redriving; the one that owns the dead letter acts on it. */
export async function handleRedriveRequests(
  world: World,
  reactions: readonly AnyReaction[],
  deps: unknown,
  deliveries: readonly Delivery[],
): Promise<void> {
  for (const delivery of deliveries) {
    const startedAt = performance.now();
    try {
      const event = readAs(DeadLetterRedriveRequestedV1, decodeRaw(world, delivery));
      const data = DeadLetterRedriveRequestedV1.schema.parse(event.data);
      if (data.service === world.service) {
        const cause = { eventId: event.id, correlationId: event.correlationId };
        await redrive(world, reactions, deps, data.deadLetterId, { by: data.by, cause });
      }
      delivery.ack();
    } catch (error) {
      const stub = { name: redriveReactionName } as AnyReaction;
      await settleFailure(world, stub, delivery, error, startedAt);
    }
  }
}

/** Handles parked events again whose version this build has come to understand. */
export async function redriveParked(
  world: World,
  reactions: readonly AnyReaction[],
  deps: unknown,
): Promise<void> {
  for (const reaction of reactions) {
    for (const letter of await world.store.listParked(world.database, reaction.name)) {
      try {
        readDelivery(world, reaction, letter);
      } catch {
        // Still not understood: it stays parked.
        continue;
      }
      const { eventId, correlationId } = identify(letter);
      const request = { by: "upgrade", cause: { eventId, correlationId } };
      await redrive(world, reactions, deps, letter.deadLetterId, request);
    }
  }
}

/**
 * Handles a dead letter once more. Its row is locked and closed in the same transaction as the effects, so
 * that any number of requests has one effect. A further failure is recorded on the same dead letter.
 */
async function redrive(
  world: World,
  reactions: readonly AnyReaction[],
  deps: unknown,
  deadLetterId: string,
  request: Request,
): Promise<void> {
  const letter = await world.store.findOpenDeadLetter(world.database, deadLetterId);
  const reaction = reactions.find(({ name }) => name === letter?.consumer);
  if (letter === undefined || reaction === undefined) {
    world.log.info({ deadLetterId, found: letter !== undefined }, "there is no open dead letter to redrive");
    return;
  }
  try {
    await apply(world, reaction, deps, letter, request);
  } catch (error) {
    world.log.warn({ deadLetterId, error: describeError(error) }, "a redriven event failed again");
    await recordFurtherFailure(world, letter, error);
  }
}

async function apply(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  letter: DeadLetter,
  request: Request,
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

function redrivenEvent(world: World, letter: DeadLetter, pipeline: string, request: Request) {
  const data = { deadLetterId: letter.deadLetterId, service: world.service, by: request.by };
  return prepareEvent(DeadLetterRedrivenV1.create(pipeline, data), {
    source: world.source,
    cause: request.cause,
    at: ROOT_CONTEXT,
    now: world.now(),
    newId: world.newId,
  });
}

async function recordFurtherFailure(world: World, letter: DeadLetter, error: unknown): Promise<void> {
  const failed: DeadLetter = { ...letter, error: describeError(error), attempts: 1 };
  await transact(world, async (tx, consequences) => {
    await world.store.upsertDeadLetter(tx, failed);
    consequences.outbox.push(recordedEvent(world, { ...failed, attempts: letter.attempts + 1 }));
  });
}

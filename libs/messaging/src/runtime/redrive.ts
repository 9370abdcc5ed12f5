import { DeadLetterRedriveRequestedV1, redriveReactionName } from "@cascade/contracts";
import { isConnectionError } from "@cascade/postgres";
import { describeError } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import { applyLetter, type RedriveRequest, recordFurtherFailure } from "./apply-letter.ts";
import type { Delivery } from "./delivery.ts";
import { settleFailure } from "./failure.ts";
import { readAs } from "./incoming.ts";
import { decodeRaw } from "./prepare-event.ts";
import type { World } from "./world.ts";

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

/**
 * Handles a dead letter once more. Its row is locked and closed in the same transaction as the effects, so
 * that any number of requests has one effect. A further failure is recorded on the same dead letter.
 */
async function redrive(
  world: World,
  reactions: readonly AnyReaction[],
  deps: unknown,
  deadLetterId: string,
  request: RedriveRequest,
): Promise<void> {
  const letter = await world.store.findOpenDeadLetter(world.database, deadLetterId);
  const reaction = reactions.find(({ name }) => name === letter?.consumer);
  if (letter === undefined || reaction === undefined) {
    world.log.info({ deadLetterId, found: letter !== undefined }, "there is no open dead letter to redrive");
    return;
  }
  try {
    await applyLetter(world, reaction, deps, letter, request);
  } catch (error) {
    // The database is away: the request is tried again, and the dead letter stays as it is.
    if (isConnectionError(error)) throw error;
    world.log.warn({ deadLetterId, error: describeError(error) }, "a redriven event failed again");
    await recordFurtherFailure(world, letter, error, 1);
  }
}

import { createHash } from "node:crypto";
import { type DeadLetterReason, DeadLetterRecordedV1, isPipelineName } from "@cascade/contracts";
import { isConnectionError } from "@cascade/postgres";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { MalformedEventError } from "../codec/errors.ts";
import { isAttributeText } from "../codec/header-value.ts";
import { describeError, Reject } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import { storable } from "../storable.ts";
import type { DeadLetter, RawEvent } from "../store/dead-letters.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { backoffMs } from "./backoff.ts";
import type { Delivery } from "./delivery.ts";
import { UnsupportedVersion } from "./incoming.ts";
import { prepareEvent } from "./outgoing.ts";
import { shownHeaders, shownPayload } from "./shown-message.ts";
import { transact } from "./transact.ts";
import type { World } from "./world.ts";

/** Decides what becomes of an event that could not be handled: try later, park it, or set it aside. */
export async function settleFailure(
  world: World,
  reaction: AnyReaction,
  delivery: Delivery,
  error: unknown,
  startedAt: number,
): Promise<void> {
  const identity = identify(delivery);
  const fields = { reaction: reaction.name, ...identity, error: describeError(error) };
  const seconds = () => (performance.now() - startedAt) / 1000;
  try {
    if (isConnectionError(error)) {
      // The database is away: that is no fault of the event, so no attempt is counted.
      world.log.warn(fields, "the database is not available; the event is tried again");
      world.metrics.eventHandled(reaction.name, "retried", seconds());
      return delivery.retryIn(world.settings.retryBaseMs * 5);
    }
    const final = finalReason(error);
    const attempts =
      final === undefined
        ? await world.store.countAttempt(
            world.database,
            reaction.name,
            identity.eventId,
            fields.error.message,
          )
        : delivery.deliveryCount;
    const attemptsMax = reaction.delivery?.attempts ?? world.settings.attemptsMax;
    if (final === undefined && attempts < attemptsMax) {
      const delayMs = backoffMs(world.settings, attempts, world.clock.random());
      world.log.warn({ ...fields, attempts, delayMs }, "an event could not be handled; it is tried again");
      world.metrics.eventHandled(reaction.name, "retried", seconds());
      return delivery.retryIn(delayMs);
    }
    const reason = final ?? "attempts-exhausted";
    await setAside(world, reaction.name, delivery, { reason, error, attempts });
    world.log.error({ ...fields, attempts, reason }, "an event was set aside as a dead letter");
    world.metrics.eventHandled(
      reaction.name,
      reason === "unsupported-version" ? "parked" : "dead",
      seconds(),
    );
    delivery.ack();
  } catch (settlingError) {
    world.log.error(
      { ...fields, settlingError: describeError(settlingError) },
      "a failed event could not be settled; the broker delivers it again",
    );
    delivery.retryIn(world.settings.retryBaseMs * 5);
  }
}

/** Why an event is set aside without another attempt; undefined where trying again may help. */
export function finalReason(error: unknown): DeadLetterReason | undefined {
  if (error instanceof MalformedEventError) return "undecodable";
  if (error instanceof UnsupportedVersion) return "unsupported-version";
  if (error instanceof Reject) return "rejected";
  return undefined;
}

interface SetAside {
  readonly reason: DeadLetterReason;
  readonly error: unknown;
  readonly attempts: number;
}

/** Keeps the bytes of an event and says so with `dead-letter.recorded`, in one transaction. */
async function setAside(world: World, consumer: string, raw: Delivery, why: SetAside): Promise<void> {
  const identity = identify(raw);
  await transact(world, async (tx, consequences) => {
    const { eventId, eventType, pipeline } = identity;
    const receipt = { eventId, eventType, pipeline, position: raw.position };
    const fresh = await world.store.insertInbox(tx, consumer, [receipt]);
    if (fresh.size === 0) return;
    world.store.markInbox(
      tx,
      consumer,
      identity.eventId,
      why.reason === "unsupported-version" ? "parked" : "dead",
      why.reason,
    );
    const letter: DeadLetter = {
      ...identity,
      deadLetterId: world.newId(),
      consumer,
      subject: raw.subject,
      headers: raw.headers,
      payload: raw.payload,
      reason: why.reason,
      error: describeError(why.error),
      attempts: why.attempts,
    };
    const deadLetterId = await world.store.upsertDeadLetter(tx, letter);
    consequences.outbox.push(recordedEvent(world, { ...letter, deadLetterId }));
  });
}

/** The event that tells people about a dead letter; large payloads are cut, the row keeps them whole. */
export function recordedEvent(world: World, letter: DeadLetter): OutboxRow {
  const identity = identify(letter);
  return prepareEvent(
    DeadLetterRecordedV1.create(identity.pipeline, {
      deadLetterId: letter.deadLetterId,
      service: world.service,
      handler: letter.consumer,
      reason: letter.reason,
      error: letter.error,
      attempts: letter.attempts,
      event: {
        id: letter.eventId,
        type: letter.eventType.slice(0, 200),
        subject: letter.subject.slice(0, 1024),
        ...shownPayload(letter.payload),
        ...shownHeaders(letter.headers),
      },
    }),
    {
      source: world.source,
      cause: { eventId: letter.eventId, correlationId: identity.correlationId },
      at: ROOT_CONTEXT,
      now: world.now(),
      newId: world.newId,
    },
  );
}

export interface EventIdentity {
  readonly eventId: string;
  readonly eventType: string;
  readonly pipeline: string;
  readonly correlationId: string;
}

/**
 * As much as can be said of an event that may be undecodable. Without an id of its own it is named by the
 * digest of its bytes: the same bytes are the same event, wherever they stand in the stream.
 */
export function identify(raw: RawEvent): EventIdentity {
  const header = (name: string) => raw.headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const digest = createHash("sha256").update(JSON.stringify(raw.headers)).update(raw.payload).digest("hex");
  const eventId = usableName(header("ce-id")) ?? `sha256:${digest}`;
  const lastToken = raw.subject.split(".").at(-1) ?? "";
  const type = header("ce-type") ?? raw.subject.split(".").slice(0, -1).join(".");
  return {
    eventId,
    eventType: storable(type.slice(0, 200)),
    pipeline: isPipelineName(lastToken) ? lastToken : "unknown",
    correlationId: usableName(header("ce-correlationid")) ?? eventId,
  };
}

/** An id that the dead letter's own event can name as its cause. */
function usableName(id: string | undefined): string | undefined {
  return id !== undefined && id !== "" && id.length <= 256 && isAttributeText(id) ? id : undefined;
}

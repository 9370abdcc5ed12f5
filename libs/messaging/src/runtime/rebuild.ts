import { RebuildCompletedV1, RebuildRequestedV1, rebuildReactionName } from "@cascade/contracts";
import type { DurableDefinition } from "../broker/provision.ts";
import type { AnyReaction } from "../reaction.ts";
import type { Delivery } from "./delivery.ts";
import { settleFailure } from "./failure.ts";
import { readAs } from "./incoming.ts";
import { prepareEvent } from "./outgoing.ts";
import { decodeRaw } from "./prepare-event.ts";
import { contextOf } from "./tracing.ts";
import { transact } from "./transact.ts";
import type { StreamWatch } from "./watch-streams.ts";
import type { World } from "./world.ts";

export interface RebuildParts {
  readonly watch: StreamWatch;
  /** Those of the service's own reactions. */
  readonly durables: readonly Pick<DurableDefinition, "stream" | "name">[];
}

/**
 * Makes good on a person's word what a service can make good: events that streams have lost are published again from
 * the outbox, and every consumer begins again, so that nothing stays unseen. What was handled before is known.
 */
export async function handleRebuildRequests(
  world: World,
  { watch, durables }: RebuildParts,
  deliveries: readonly Delivery[],
): Promise<void> {
  for (const delivery of deliveries) {
    const startedAt = performance.now();
    try {
      const event = readAs(RebuildRequestedV1, decodeRaw(world, delivery));
      const streams = await watch.verifyAll();
      const receipt = {
        eventId: event.id,
        eventType: event.type,
        pipeline: event.pipeline,
        position: delivery.position,
      };
      await transact(world, async (tx, { outbox }) => {
        if ((await world.store.insertInbox(tx, rebuildReactionName, [receipt])).size === 0) return;
        const data = {
          service: world.service,
          streams: [...streams],
          consumers: durables.map((durable) => durable.name),
        };
        outbox.push(
          prepareEvent(RebuildCompletedV1.create(event.pipeline, data), {
            source: world.source,
            cause: { eventId: event.id, correlationId: event.correlationId },
            at: contextOf(event.traceparent),
            now: world.now(),
            newId: world.newId,
          }),
        );
      });
      for (const durable of durables) await world.broker.deleteDurable(durable);
      delivery.ack();
    } catch (error) {
      await settleFailure(world, { name: rebuildReactionName } as AnyReaction, delivery, error, startedAt);
    }
  }
}

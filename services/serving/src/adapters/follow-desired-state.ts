import { setTimeout as delay } from "node:timers/promises";
import { filterSubjectOf, TrafficAssignedV1 } from "@cascade/contracts";
import { collectEvents, describeError, type Logger, watchLatest } from "@cascade/messaging";
import type { Kit } from "@cascade/service-kit";
import type { Endpoints } from "../endpoint/endpoints.ts";

export interface DesiredState {
  /** Why what is to be served is not known or not settled yet. */
  problems(): string[];
  stop(): Promise<void>;
}

const retryMs = 250;

/** Follows the traffic assignment with the highest revision of every pipeline, and knows when those of the start are settled. */
export function followDesiredState(
  connection: Kit["connection"],
  endpoints: Endpoints,
  log: Logger,
): DesiredState {
  let awaited: Set<string> | undefined;
  const stopping = new AbortController();

  const tail = watchLatest({
    connection,
    definition: TrafficAssignedV1,
    log,
    rank: ({ revision }) => revision,
    onEvent: async ({ id, pipeline, data, correlationId, traceparent }) => {
      // The trace goes on too, so that a rollout is one trace from its promotion to its last replica.
      const cause = { eventId: id, correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
      endpoints.of(pipeline).assign({ traffic: data, cause });
    },
  });

  // The tail cannot tell an empty stream from one it has not read yet, so what there is is asked for once.
  async function readOnce(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const subject = filterSubjectOf(TrafficAssignedV1);
        const events = await collectEvents({ connection, which: "last", subject });
        awaited = new Set(events.map(({ envelope }) => envelope.subject));
        return;
      } catch (error) {
        log.debug({ error: describeError(error) }, "the desired state cannot be read yet");
        await delay(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }
  const reading = readOnce();

  return {
    problems: () => {
      if (awaited === undefined) return ["desired state not read yet"];
      for (const pipeline of awaited) {
        // Settled once is enough: later assignments load while the one before them serves.
        if (endpoints.get(pipeline)?.outcome() !== undefined) awaited.delete(pipeline);
      }
      return [...awaited].map((pipeline) => `${pipeline}: its models are being loaded`);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([tail.stop(), reading]);
    },
  };
}

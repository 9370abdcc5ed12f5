import { isLost } from "../broker/line.ts";
import { describeError } from "../errors.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { mapLimited } from "./map-limited.ts";
import { repeat } from "./repeat.ts";
import type { World } from "./world.ts";

export type RelayOptions = Pick<
  World,
  "broker" | "clock" | "crash" | "database" | "log" | "metrics" | "settings" | "store"
>;

/** Publishes outbox rows: right after the commit that wrote them, and again by a sweep what that missed. */
export interface Relay {
  publish(rows: readonly OutboxRow[]): Promise<void>;
  /** Publishes whatever is unpublished and unclaimed now; returns how many rows there were. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export function startRelay(options: RelayOptions): Relay {
  const { database, store, settings, log } = options;
  const underway = new Set<Promise<unknown>>();
  const marks = gatherMarks(options);

  const track = <T>(work: Promise<T>): Promise<T> => {
    underway.add(work);
    return work.finally(() => underway.delete(work));
  };

  const sweep = async (): Promise<number> => {
    const claimMs = settings.publishClaimMs + settings.publishTimeoutMs;
    const rows = await store.claimUnpublished(database, settings.sweepBatchSize, claimMs);
    if (rows.length > 0) await publishRows(options, rows, "sweep", marks);
    return rows.length;
  };

  const sweeping = repeat(
    options.clock,
    settings.sweepIntervalMs,
    async () => {
      let count = settings.sweepBatchSize;
      while (count === settings.sweepBatchSize) count = await track(sweep());
    },
    (error) => log.warn({ error: describeError(error) }, "the outbox could not be swept; trying again"),
  );

  return {
    publish: (rows) => track(publishRows(options, rows, "after-commit", marks)),
    sweep: () => track(sweep()),
    stop: async () => {
      await sweeping.stop();
      await Promise.allSettled([...underway]);
    },
  };
}

interface Published {
  readonly eventId: string;
  readonly sequence: number;
}

interface Marks {
  /** For an event that is about to be published. Never throws: what is not marked, the sweep publishes again. */
  open(): (published: Published) => Promise<void>;
  /** Gives events back to the sweep, which would wait for their claims to run out. Never throws. */
  release(eventIds: readonly string[]): Promise<void>;
}

/**
 * Marks what has been published. All that is published while one statement runs is marked by the next one. What was
 * published before the broker was away is not: the broker may have forgotten it, and whoever compares the outbox with
 * the stream when the broker is back would look before the mark is there.
 */
function gatherMarks({ broker, database, store, log }: RelayOptions): Marks {
  let waiting: Published[] = [];
  let reconnects = 0;
  let marking = Promise.resolve();
  let isMarking = false;

  const markAll = async () => {
    isMarking = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await store.markPublished(database, batch);
      } catch (error) {
        log.warn(
          { error: describeError(error) },
          "published events could not be marked; they will be published again",
        );
      }
    }
    isMarking = false;
  };

  const release = async (eventIds: readonly string[]) => {
    if (eventIds.length === 0) return;
    await store
      .releaseClaims(database, eventIds)
      .catch((error: unknown) =>
        log.warn(
          { error: describeError(error) },
          "claims of unpublished events could not be given back; they run out by themselves",
        ),
      );
  };

  broker.onReconnect(() => {
    reconnects += 1;
    void release(waiting.map(({ eventId }) => eventId));
    waiting = [];
  });

  return {
    open: () => {
      const opened = reconnects;
      return (published) => {
        if (opened !== reconnects) return release([published.eventId]);
        waiting.push(published);
        if (!isMarking) marking = markAll();
        return marking;
      };
    },
    release,
  };
}

/** Never throws: what could not be published is left to the sweep. */
async function publishRows(
  options: RelayOptions,
  rows: readonly OutboxRow[],
  path: "after-commit" | "sweep",
  marks: Marks,
): Promise<void> {
  const { broker, settings, log, metrics, crash } = options;
  if (rows.length === 0) return;
  crash("relay.before_publish");
  const marking: Promise<void>[] = [];
  const lost: string[] = [];
  await mapLimited(rows, settings.publishConcurrency, async (row) => {
    const mark = marks.open();
    try {
      const sequence = await broker.publish(row, settings.publishTimeoutMs);
      crash("relay.after_puback");
      // At once: while it waited for a slow neighbour, the stream may come to lack what the mark says it holds.
      marking.push(mark({ eventId: row.eventId, sequence }));
      metrics.eventPublished(row.eventType, path);
    } catch (error) {
      metrics.publishFailed(row.eventType);
      if (isLost(error)) lost.push(row.eventId);
      log.warn(
        { eventId: row.eventId, eventType: row.eventType, error: describeError(error) },
        "an event could not be published; the sweep will try again",
      );
    }
  });
  await Promise.all([...marking, marks.release(lost)]);
}

import type { Database } from "@cascade/postgres";
import { type JetStreamClient, JetStreamError } from "@nats-io/jetstream";
import { writeHeaders } from "../broker/message-headers.ts";
import type { CrashPoint } from "../crash-point.ts";
import { describeError } from "../errors.ts";
import type { Logger, MessagingMetrics } from "../observer.ts";
import type { MessagingSettings } from "../settings.ts";
import { claimUnpublished, markPublished, type OutboxRow } from "../store/outbox.ts";
import { mapLimited } from "./map-limited.ts";
import { repeat } from "./repeat.ts";

export interface RelayOptions {
  readonly database: Database;
  readonly jetstream: JetStreamClient;
  readonly settings: MessagingSettings;
  readonly log: Logger;
  readonly metrics: MessagingMetrics;
  readonly crash: (point: CrashPoint) => void;
}

/** Publishes outbox rows: right after the commit that wrote them, and again by a sweep what that missed. */
export interface Relay {
  publish(rows: readonly OutboxRow[]): Promise<void>;
  /** Publishes whatever is unpublished and unclaimed now; returns how many rows there were. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export function startRelay(options: RelayOptions): Relay {
  const { database, settings, log } = options;
  const underway = new Set<Promise<unknown>>();
  const mark = gatherMarks(options);

  const track = <T>(work: Promise<T>): Promise<T> => {
    underway.add(work);
    return work.finally(() => underway.delete(work));
  };

  const sweep = async (): Promise<number> => {
    const claimMs = settings.publishClaimMs + settings.publishTimeoutMs;
    const rows = await claimUnpublished(database, settings.sweepBatchSize, claimMs);
    if (rows.length > 0) await publishRows(options, rows, "sweep", mark);
    return rows.length;
  };

  const sweeping = repeat(
    settings.sweepIntervalMs,
    async () => {
      let count = settings.sweepBatchSize;
      while (count === settings.sweepBatchSize) count = await track(sweep());
    },
    (error) => log.warn({ error: describeError(error) }, "the outbox could not be swept; trying again"),
  );

  return {
    publish: (rows) => track(publishRows(options, rows, "after-commit", mark)),
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

/**
 * Marks what has been published. All that is published while one statement runs is marked by the next one.
 * Never throws: what could not be marked is published again by the sweep.
 */
function gatherMarks({ database, log }: RelayOptions): (published: readonly Published[]) => Promise<void> {
  let waiting: Published[] = [];
  let marking = Promise.resolve();
  let isMarking = false;

  const markAll = async () => {
    isMarking = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await markPublished(database, batch);
      } catch (error) {
        log.warn(
          { error: describeError(error) },
          "published events could not be marked; they will be published again",
        );
      }
    }
    isMarking = false;
  };

  return (published) => {
    waiting.push(...published);
    if (!isMarking) marking = markAll();
    return marking;
  };
}

/** Never throws: what could not be published is left to the sweep. */
async function publishRows(
  options: RelayOptions,
  rows: readonly OutboxRow[],
  path: "after-commit" | "sweep",
  mark: (published: readonly Published[]) => Promise<void>,
): Promise<void> {
  const { settings, log, metrics, crash } = options;
  if (rows.length === 0) return;
  crash("relay.before_publish");
  const published: Published[] = [];
  await mapLimited(rows, settings.publishConcurrency, async (row) => {
    try {
      const sequence = await publishRow(options, row);
      published.push({ eventId: row.eventId, sequence });
      metrics.eventPublished(row.eventType, path);
    } catch (error) {
      metrics.publishFailed(row.eventType);
      log.warn(
        { eventId: row.eventId, eventType: row.eventType, error: describeError(error) },
        "an event could not be published; the sweep will try again",
      );
    }
  });
  crash("relay.after_puback");
  await mark(published);
}

async function publishRow({ jetstream, settings }: RelayOptions, row: OutboxRow): Promise<number> {
  const ack = await jetstream.publish(row.subject, row.payload, {
    msgID: row.eventId,
    headers: writeHeaders(row.headers),
    timeout: settings.publishTimeoutMs,
    expect: { streamName: row.stream },
  });
  if (ack.stream !== row.stream) {
    throw new JetStreamError(`${row.subject} went into ${ack.stream}, not into ${row.stream}`);
  }
  return ack.seq;
}

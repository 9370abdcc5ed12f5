import type { StreamDefinition } from "@cascade/contracts";
import { describeError } from "../errors.ts";
import type { PublishedRow } from "../store/outbox.ts";
import { mapLimited } from "./map-limited.ts";
import { repeat } from "./repeat.ts";
import type { World } from "./world.ts";

export interface StreamWatch {
  /** Looks at everything that the outbox still holds; what was found lost is published again. */
  verifyAll(): Promise<readonly VerifiedStream[]>;
  stop(): Promise<void>;
}

interface VerifiedStream {
  readonly stream: string;
  /** Events that the stream was asked for. */
  readonly verified: number;
  /** Those of them that it had lost. */
  readonly lost: number;
}

const pageSize = 200;
const lookups = 32;

/**
 * A broker can lose what it has acknowledged: an unsynced tail in a power failure, a store restored from a
 * backup, a stream that somebody has deleted. It then gives the same places to other events, so that nothing
 * in a stream's own numbers tells. This compares what the outbox has published with what stands at its place,
 * and publishes again what is gone; consumers know those that they have handled before.
 */
export function watchStreams(world: World, owned: readonly StreamDefinition[]): StreamWatch {
  const { broker, database, log, settings } = world;
  const definitions = new Map(owned.map((stream) => [stream.name, stream]));
  // True where the broker may have come back with less than it had.
  let isSuspicious = true;
  // When the streams were created that have been looked at: one that was deleted has lost everything, and whoever
  // has made it again may have published to it by now.
  const known = new Map<string, string>();

  const check = async (): Promise<void> => {
    const all = isSuspicious;
    isSuspicious = false;
    try {
      const created = new Map<string, string>();
      for (const stream of definitions.values()) created.set(stream.name, await broker.ensureStream(stream));
      for (const stream of await world.store.listPublishedStreams(database)) {
        const isKnown = known.get(stream) === created.get(stream);
        if (all || !isKnown || !(await holdsTheNewest(stream))) await verify(stream, "since-last-check");
      }
      for (const [stream, at] of created) known.set(stream, at);
    } catch (error) {
      isSuspicious ||= all;
      throw error;
    }
  };

  async function holdsTheNewest(stream: string): Promise<boolean> {
    const [newest] = await world.store.listPublished(database, stream, { limit: 1 });
    return newest === undefined || (await isHeld(stream, 0, newest));
  }

  async function isHeld(stream: string, firstSequence: number, row: PublishedRow): Promise<boolean> {
    // What a stream has let go of by its limits is not lost.
    if (row.sequence < firstSequence) return true;
    return (await broker.storedAt(stream, row.sequence))?.messageId === row.eventId;
  }

  async function verify(stream: string, extent: "since-last-check" | "all"): Promise<VerifiedStream> {
    const startedAt = await world.store.databaseTime(database);
    const lastCheck = (await world.store.lastStreamCheck(database, stream)) ?? new Date(0);
    const firstSequence = (await broker.streamState(stream))?.firstSequence ?? 0;
    let verified = 0;
    let lostCount = 0;
    let before: PublishedRow | undefined;
    for (;;) {
      const page = await world.store.listPublished(database, stream, {
        limit: pageSize,
        ...(before === undefined ? {} : { before }),
      });
      const held = await mapLimited(page, lookups, (row) => isHeld(stream, firstSequence, row));
      const lost = page.filter((_, index) => held[index] === false);
      verified += page.length;
      lostCount += await world.store.unmarkPublished(database, lost);
      before = page.at(-1);
      if (before === undefined || page.length < pageSize) break;
      // A broker loses a tail: what is older than a page without a gap is there, once all is seen that was
      // published since the stream was last known to be whole.
      if (extent === "since-last-check" && lost.length === 0 && before.publishedAt < lastCheck) break;
    }
    await world.store.saveStreamCheck(database, stream, startedAt);
    if (lostCount > 0) {
      log.warn(
        { stream, lost: lostCount },
        "a stream has lost events that it had taken; they are published again",
      );
      world.metrics.eventsLost(stream, lostCount);
      await world.relay.sweep();
    }
    return { stream, verified, lost: lostCount };
  }

  const watching = repeat(world.clock, settings.streamCheckIntervalMs, check, (error) =>
    log.warn({ error: describeError(error) }, "the streams could not be checked; trying again"),
  );

  broker.onReconnect(() => {
    isSuspicious = true;
    watching.wake();
  });

  return {
    verifyAll: async () => {
      const verified: VerifiedStream[] = [];
      for (const stream of definitions.values()) await broker.ensureStream(stream);
      for (const stream of await world.store.listPublishedStreams(database))
        verified.push(await verify(stream, "all"));
      return verified;
    },
    stop: () => watching.stop(),
  };
}

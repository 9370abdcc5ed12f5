import {
  type AnyEventDefinition,
  DeadLetterRedriveRequestedV1,
  durableOf,
  eventDefinitions,
  RebuildRequestedV1,
  rebuildReactionName,
  redriveReactionName,
  type ServiceName,
  type StreamDefinition,
  streamOf,
  streamsFor,
} from "@cascade/contracts";
import type { Database } from "@cascade/postgres";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { v7 as uuidv7 } from "uuid";
import { ensureStream } from "../broker/provision.ts";
import { createPublisher, type Publisher } from "../broker/publisher.ts";
import type { CrashPoint } from "../crash-point.ts";
import { describeError, MessagingError } from "../errors.ts";
import type { AnyJob } from "../job.ts";
import { type Logger, type MessagingMetrics, noMetrics } from "../observer.ts";
import type { AnyReaction } from "../reaction.ts";
import type { MessagingSettings } from "../settings.ts";
import { deleteOldInbox } from "../store/inbox.ts";
import { deleteOldOutbox, outboxBacklog } from "../store/outbox.ts";
import { type Consumption, consume } from "./consume.ts";
import { handleEvents } from "./handle-events.ts";
import { type JobWorker, startJobWorker } from "./job-worker.ts";
import { handleRebuildRequests } from "./rebuild.ts";
import { handleRedriveRequests, redriveParked } from "./redrive.ts";
import { startRelay } from "./relay.ts";
import { repeat } from "./repeat.ts";
import { watchStreams } from "./watch-streams.ts";
import { verifyWiring } from "./wiring.ts";
import type { World } from "./world.ts";

export interface MessagingOptions<Deps> {
  readonly service: ServiceName;
  readonly connection: NatsConnection;
  readonly database: Database;
  readonly reactions: readonly AnyReaction<Deps>[];
  readonly jobs?: readonly AnyJob<Deps>[];
  /** Events the service reads with `watchLatest` instead of a reaction. */
  readonly watches?: readonly AnyEventDefinition[];
  readonly deps: Deps;
  readonly settings: MessagingSettings;
  readonly log: Logger;
  readonly metrics?: MessagingMetrics;
  readonly crash?: (point: CrashPoint) => void;
  readonly now?: () => Date;
  readonly newId?: () => string;
}

export interface Messaging {
  /** Publishes events that come from no reaction, such as prediction logs. */
  readonly publisher: Publisher;
  /** What keeps the service from working, in words; empty while it is ready. */
  problems(): Promise<string[]>;
  backlog(): Promise<{ waiting: number; oldestSeconds: number }>;
  /** Consumers first, then jobs, then the relay: nothing that was taken on is left half done. */
  stop(): Promise<void>;
}

const housekeepingIntervalMs = 600_000;

/** Starts a service's runtime: streams, consumers, outbox relay, jobs. */
export async function startMessaging<Deps>(options: MessagingOptions<Deps>): Promise<Messaging> {
  const { service, connection, database, reactions, deps, settings, log } = options;
  const jobs = options.jobs ?? [];
  verifyWiring({ service, reactions, jobs, watches: options.watches ?? [] });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const client = jetstream(connection);
  const streams = new Map(streamsFor(eventDefinitions).map((stream) => [stream.name, stream]));
  const workers = new Map<string, JobWorker>();
  const metrics = options.metrics ?? noMetrics;
  const crash = options.crash ?? (() => {});
  const world: World = {
    service,
    source: `/services/${service}`,
    database,
    connection,
    jetstream: client,
    manager,
    relay: startRelay({ database, jetstream: client, settings, log, metrics, crash }),
    settings,
    log,
    metrics,
    crash,
    workers,
    now: options.now ?? (() => new Date()),
    newId: options.newId ?? uuidv7,
  };

  const owned = streamsOfService(service, streams);
  for (const stream of owned) await ensureStream(manager, stream, settings.replicas);
  await redriveParked(world, reactions, deps);
  for (const job of jobs) workers.set(job.name, startJobWorker(world, job, deps));

  const watch = watchStreams(world, owned);
  const consumptions = new Map<string, Consumption>();
  const start = (
    reaction: Pick<AnyReaction, "name" | "on" | "delivery">,
    handle: Parameters<typeof consume>[1]["handle"],
  ) => {
    const stream = streamFor(reaction.on, streams);
    const durable = {
      ...durableOf(service, reaction.name, reaction.on),
      ackWaitMs: reaction.delivery?.ackWaitMs ?? settings.ackWaitMs,
    };
    const prefetch = reaction.delivery?.prefetch ?? settings.prefetch;
    consumptions.set(reaction.name, consume(world, { durable, stream, prefetch, handle }));
  };
  for (const reaction of reactions) {
    start(reaction, (deliveries) => handleEvents(world, reaction, deps, deliveries));
  }
  start({ name: redriveReactionName, on: DeadLetterRedriveRequestedV1 }, (deliveries) =>
    handleRedriveRequests(world, reactions, deps, deliveries),
  );
  start({ name: rebuildReactionName, on: RebuildRequestedV1 }, (deliveries) =>
    handleRebuildRequests(
      world,
      { watch, durables: reactions.map(({ name, on }) => durableOf(service, name, on)) },
      deliveries,
    ),
  );

  const housekeeping = repeat(
    housekeepingIntervalMs,
    async () => {
      await deleteOldOutbox(database, settings.outboxRetentionMs);
      await deleteOldInbox(database, settings.inboxRetentionMs);
    },
    (error) => log.warn({ error: describeError(error) }, "old inbox and outbox rows could not be deleted"),
  );

  return {
    publisher: createPublisher({
      jetstream: client,
      source: world.source,
      settings,
      now: world.now,
      newId: world.newId,
    }),
    backlog: () => outboxBacklog(database),
    problems: async () => {
      const problems = [...consumptions].flatMap(([name, consumption]) => {
        const problem = consumption.problem();
        return problem === undefined ? [] : [`${name}: ${problem}`];
      });
      // A disconnected client cannot ask; a connected one asks whether the broker still answers.
      if (connection.isClosed()) problems.push("the connection to NATS is closed");
      else await connection.rtt().catch(() => problems.push("NATS does not answer"));
      return problems;
    },
    stop: async () => {
      await housekeeping.stop();
      await watch.stop();
      await Promise.all([...consumptions.values()].map((consumption) => consumption.stop()));
      const stopWorkers = () => Promise.all([...workers.values()].map((worker) => worker.stop()));
      await stopWorkers();
      // What ended last may have begun a job of another kind before that one's worker knew of the stop.
      await stopWorkers();
      await world.relay.stop();
    },
  };
}

function streamsOfService(
  service: ServiceName,
  streams: ReadonlyMap<string, StreamDefinition>,
): readonly StreamDefinition[] {
  const owned = eventDefinitions.filter(({ owner }) => owner === service || owner === "runtime");
  return [...new Set(owned.map(streamOf))].map((name) => required(streams.get(name), name));
}

function streamFor(
  definition: AnyEventDefinition,
  streams: ReadonlyMap<string, StreamDefinition>,
): StreamDefinition {
  const name = streamOf(definition);
  return required(streams.get(name), name);
}

function required(stream: StreamDefinition | undefined, name: string): StreamDefinition {
  if (stream === undefined) {
    throw new MessagingError("WIRING_INVALID", `No event in the contracts belongs to the stream ${name}.`);
  }
  return stream;
}

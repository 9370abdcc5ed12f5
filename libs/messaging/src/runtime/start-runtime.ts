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
import { patiently } from "../broker/patiently.ts";
import { describeError, MessagingError } from "../errors.ts";
import type { AnyJob } from "../job.ts";
import type { AnyReaction } from "../reaction.ts";
import { type Consumption, consume } from "./consume.ts";
import { handleEvents } from "./handle-events.ts";
import { type JobWorker, startJobWorker } from "./job-worker.ts";
import { redriveParked } from "./parked.ts";
import { handleRebuildRequests } from "./rebuild.ts";
import { handleRedriveRequests } from "./redrive.ts";
import { startRelay } from "./relay.ts";
import { repeat } from "./repeat.ts";
import { watchStreams } from "./watch-streams.ts";
import type { World } from "./world.ts";

export interface RuntimeOptions<Deps> extends Omit<World, "service" | "source" | "relay" | "workers"> {
  readonly service: ServiceName;
  readonly reactions: readonly AnyReaction<Deps>[];
  readonly jobs: readonly AnyJob<Deps>[];
  readonly deps: Deps;
}

export interface Runtime {
  /** What keeps the service from working, in words; empty while it is ready. */
  problems(): Promise<string[]>;
  backlog(): Promise<{ waiting: number; oldestSeconds: number }>;
  /** Consumers first, then jobs, then the relay: nothing that was taken on is left half done. */
  stop(): Promise<void>;
}

const housekeepingIntervalMs = 600_000;

/** Starts streams, consumers, outbox relay and jobs of a service on the ports that it is given. */
export async function startRuntime<Deps>(options: RuntimeOptions<Deps>): Promise<Runtime> {
  const { service, reactions, jobs, deps, ...ports } = options;
  const { broker, database, store, clock, settings, log } = ports;
  const streams = new Map(streamsFor(eventDefinitions).map((stream) => [stream.name, stream]));
  const workers = new Map<string, JobWorker>();
  const world: World = {
    ...ports,
    service,
    source: `/services/${service}`,
    relay: startRelay(ports),
    workers,
  };

  const owned = streamsOfService(service, streams);
  for (const stream of owned) await patiently(settings.startAttemptsMax, () => broker.ensureStream(stream));
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
    consumptions.set(
      reaction.name,
      consume(world, { consumer: reaction.name, durable, stream, prefetch, handle }),
    );
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
    clock,
    housekeepingIntervalMs,
    async () => {
      await store.deleteOldOutbox(database, settings.outboxRetentionMs);
      await store.deleteOldInbox(database, settings.inboxRetentionMs);
    },
    (error) => log.warn({ error: describeError(error) }, "old inbox and outbox rows could not be deleted"),
  );

  const upgrades = repeat(
    clock,
    settings.parkedSweepIntervalMs,
    () => redriveParked(world, reactions, deps),
    (error) => log.warn({ error: describeError(error) }, "parked events could not be looked for"),
  );
  upgrades.wake();

  return {
    backlog: () => store.outboxBacklog(database),
    problems: async () => {
      const problems = [...consumptions].flatMap(([name, consumption]) => {
        const problem = consumption.problem();
        return problem === undefined ? [] : [`${name}: ${problem}`];
      });
      // A disconnected client cannot ask; a connected one asks whether the broker still answers.
      if (broker.isClosed()) problems.push("the connection to NATS is closed");
      else await broker.check().catch(() => problems.push("NATS does not answer"));
      return problems;
    },
    stop: async () => {
      await housekeeping.stop();
      await upgrades.stop();
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

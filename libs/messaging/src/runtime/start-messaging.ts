import type { AnyEventDefinition, ServiceName } from "@cascade/contracts";
import type { Database } from "@cascade/postgres";
import type { NatsConnection } from "@nats-io/transport-node";
import { v7 as uuidv7 } from "uuid";
import { natsBroker } from "../broker/nats-broker.ts";
import { createPublisher, type Publisher } from "../broker/publisher.ts";
import { systemClock } from "../clock.ts";
import type { CrashPoint } from "../crash-point.ts";
import type { AnyJob } from "../job.ts";
import { type Logger, type MessagingMetrics, noMetrics } from "../observer.ts";
import type { AnyReaction } from "../reaction.ts";
import type { MessagingSettings } from "../settings.ts";
import { postgresStore } from "../store/store.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { verifyWiring } from "./wiring.ts";

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

export interface Messaging extends Runtime {
  /** Publishes events that come from no reaction, such as prediction logs. */
  readonly publisher: Publisher;
}

/** Starts a service's runtime on a NATS connection and a Postgres database. */
export async function startMessaging<Deps>(options: MessagingOptions<Deps>): Promise<Messaging> {
  const { service, connection, database, reactions, jobs = [], deps, settings, log } = options;
  verifyWiring({ service, reactions, jobs, watches: options.watches ?? [] });
  const now = options.now ?? (() => new Date());
  const newId = options.newId ?? uuidv7;
  const runtime = await startRuntime({
    service,
    reactions,
    jobs,
    deps,
    database,
    store: postgresStore,
    broker: await natsBroker(connection, {
      replicas: settings.replicas,
      timeoutMs: settings.brokerTimeoutMs,
    }),
    clock: systemClock,
    settings,
    log,
    metrics: options.metrics ?? noMetrics,
    crash: options.crash ?? (() => {}),
    now,
    newId,
  });
  const source = `/services/${service}`;
  const publisher = createPublisher({ connection, source, settings, now, newId });
  return { ...runtime, publisher };
}

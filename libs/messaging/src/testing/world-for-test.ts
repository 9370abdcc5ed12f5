import { fileURLToPath } from "node:url";
import {
  DatasetIngestedV1,
  DatasetRejectedV1,
  type NewEvent,
  PipelineAppliedV1,
  schemaUriOf,
  subjectOf,
} from "@cascade/contracts";
import { type Database, migrate, openDatabase, type Transaction } from "@cascade/postgres";
import { eventually, type SharedServers, type TestNats, testDatabase, testNats } from "@cascade/testing";
import { jetstream } from "@nats-io/jetstream";
import { headers as createHeaders, type NatsConnection } from "@nats-io/transport-node";
import { v7 as uuidv7 } from "uuid";
import { connectBroker } from "../broker/connect.ts";
import { provisionStreams } from "../broker/provision-streams.ts";
import { collectEvents } from "../broker/tail.ts";
import { encodeBinary } from "../codec/encode-binary.ts";
import type { AnyJob } from "../job.ts";
import { noLog } from "../observer.ts";
import type { AnyReaction } from "../reaction.ts";
import { reaction } from "../reaction.ts";
import { type Messaging, startMessaging } from "../runtime/start-messaging.ts";
import { MessagingSettings } from "../settings.ts";

/** Limits small enough that a test does not wait for them. */
export const fastSettings = {
  retryBaseMs: 20,
  retryMaxMs: 100,
  attemptsMax: 3,
  sweepIntervalMs: 50,
  publishClaimMs: 300,
  jobPollIntervalMs: 50,
  jobLeaseMs: 600,
  consumerCheckIntervalMs: 300,
  streamCheckIntervalMs: 300,
  parkedSweepIntervalMs: 100,
};

/** The tests speak as the validation service: it reacts to two events and owns two. */
export const effectsReaction = reaction({
  name: "record-effect-on-dataset-ingested",
  on: DatasetIngestedV1,
  emits: [DatasetRejectedV1],
  decide: ({ id, pipeline, data }) => ({
    id,
    events: [rejected(pipeline, data.datasetVersion)],
  }),
  record: ({ id }, tx) => insertEffect(tx, id),
});

export const idleReaction = reaction({
  name: "do-nothing-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],
  decide: () => ({}),
});

export function rejected(pipeline: string, datasetVersion: string) {
  return DatasetRejectedV1.create(pipeline, {
    ...DatasetRejectedV1.example,
    datasetVersion,
  });
}

export function ingested(pipeline: string, datasetVersion: string = uuidv7()): NewEvent {
  return DatasetIngestedV1.create(pipeline, { ...DatasetIngestedV1.example, datasetVersion });
}

export function insertEffect(tx: Transaction, eventId: string): void {
  // No uniqueness on purpose: a doubled effect must show.
  tx.send("insert into effects (event_id) values ($1)", [eventId]);
}

export interface TestWorld extends AsyncDisposable {
  readonly nats: TestNats;
  readonly connection: NatsConnection;
  readonly database: Database;
  readonly databaseUrl: string;
  /** Starts a replica of the service; stopped at the end of the test. */
  start(options?: {
    reactions?: readonly AnyReaction[];
    jobs?: readonly AnyJob[];
    settings?: Partial<MessagingSettings>;
    /** The replica's clock, where it is not that of the machine. */
    now?: () => Date;
    /** A pool of the replica's own, where a test takes it away. */
    database?: Database;
  }): Promise<Messaging>;
  /** Publishes as the event's owner, without a message id, so that the same event can be sent twice. */
  send(
    event: NewEvent,
    envelope?: { id?: string; source?: string; type?: string; traceparent?: string },
  ): Promise<string>;
  effects(): Promise<string[]>;
  awaitEffects(count: number): Promise<string[]>;
  /** Everything stored of an event type. */
  published(type: string): ReturnType<typeof collectEvents>;
}

export async function openWorld(servers?: SharedServers): Promise<TestWorld> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(
    await testNats(servers === undefined ? {} : { source: servers.nats, durable: false }),
  );
  const own = stack.use(
    await testDatabase(servers === undefined ? {} : { serverAdminUrl: servers.postgresAdminUrl }),
  );
  const databaseUrl = await own.schemaUrl("validation");
  await migrate({
    url: databaseUrl,
    schema: "validation",
    sources: [
      {
        directory: fileURLToPath(new URL("../../migrations", import.meta.url)),
        table: "messaging_migrations",
      },
    ],
  });
  const database = openDatabase({
    url: databaseUrl,
    schema: "validation",
    applicationName: "test",
    onError: () => {},
  });
  stack.defer(() => database.close());
  await database.query("create table effects (event_id text not null)");
  const connection = await connectBroker({ servers: nats.url, name: "test", log: noLog });
  stack.defer(() => connection.close());
  await provisionStreams(connection);
  const owned = stack.move();

  const effects = async () => {
    const { rows } = await database.query<{ event_id: string }>(
      "select event_id from effects order by event_id",
    );
    return rows.map((row) => row.event_id);
  };
  return {
    nats,
    connection,
    database,
    databaseUrl,
    start: async ({ reactions = [effectsReaction], jobs = [], settings = {}, now, ...own } = {}) => {
      const replica = await connectBroker({ servers: nats.url, name: "replica", log: noLog });
      const messaging = await startMessaging({
        service: "validation",
        connection: replica,
        database: own.database ?? database,
        reactions: [...reactions, ...(reactions.includes(idleReaction) ? [] : [idleReaction])],
        jobs,
        deps: {},
        settings: MessagingSettings.parse({ ...fastSettings, ...settings }),
        log: noLog,
        ...(now === undefined ? {} : { now }),
      });
      let stopped: Promise<void> | undefined;
      const stop = () => {
        stopped ??= messaging.stop().then(() => replica.close());
        return stopped;
      };
      owned.defer(stop);
      return { ...messaging, stop };
    },
    send: async (event, { id = uuidv7(), source, type = event.definition.type, traceparent } = {}) => {
      const { headers, payload } = encodeBinary({
        envelope: {
          specversion: "1.0",
          id,
          type,
          source: source ?? `/services/${event.definition.owner}`,
          subject: event.pipeline,
          dataschema: schemaUriOf(type),
          ...(traceparent === undefined ? {} : { traceparent }),
        },
        data: event.data,
      });
      const sent = createHeaders();
      for (const [name, value] of headers) if (name !== "Nats-Msg-Id") sent.set(name, value);
      const subject = subjectOf(event.definition, event.pipeline).replace(event.definition.type, type);
      await jetstream(connection).publish(subject, payload, { headers: sent });
      return id;
    },
    effects,
    awaitEffects: (count) =>
      eventually(
        async () => {
          const seen = await effects();
          return seen.length >= count ? seen : undefined;
        },
        { describe: `${count} effects` },
      ),
    published: (type) => collectEvents({ connection, which: "all", subject: `${type}.*` }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

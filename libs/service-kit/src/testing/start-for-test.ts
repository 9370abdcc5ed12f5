import type { EventDefinition, NewEvent } from "@cascade/contracts";
import {
  connectBroker,
  createPublisher,
  type Incoming,
  MessagingSettings,
  noLog,
  provisionStreams,
  readEvents,
  type StoredEvent,
} from "@cascade/messaging";
import { testDatabase, testNats } from "@cascade/testing";
import { v7 as uuidv7 } from "uuid";
import type { AnyService } from "../service.ts";
import { type RunningService, startService } from "../start-service.ts";

export interface ServiceUnderTest extends AsyncDisposable {
  readonly running: RunningService;
  /** Where its broker answers. */
  readonly natsUrl: string;
  /** Its own database. */
  readonly postgresUrl: string;
  /** Publishes an event as its owner would, at the root of a new cascade; returns its id. */
  publish(event: NewEvent): Promise<string>;
  /**
   * Waits for an event of a type, past or future, that `where` accepts. Fails after the limit with a list of
   * what was published instead.
   */
  nextEvent<Data>(
    definition: EventDefinition<Data>,
    where?: (event: Incoming<Data> & { causationId: string | undefined }) => boolean,
    timeoutMs?: number,
  ): Promise<Incoming<Data> & { causationId: string | undefined }>;
  /** The types of all events seen so far, in order. */
  seen(): readonly StoredEvent[];
  /** Stops the service and starts it again on the same broker and database. */
  restart(): Promise<void>;
  /** Starts one more replica beside it, on the same broker and database. */
  addReplica(): Promise<void>;
}

/** Starts one service with a broker and a database of its own, and plays the rest of the system for it. */
export async function startForTest(
  service: AnyService,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceUnderTest> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await testNats());
  const database = stack.use(await testDatabase());
  const postgresUrl = await database.schemaUrl(service.name);
  const connection = await connectBroker({ servers: nats.url, name: `test-${service.name}`, log: noLog });
  stack.defer(() => connection.close());
  await provisionStreams(connection);

  const seen: StoredEvent[] = [];
  const waiting = new Set<() => void>();
  const tail = readEvents({
    connection,
    log: noLog,
    since: "beginning",
    include: () => true,
    onEvent: (event) => {
      seen.push(event);
      for (const look of waiting) look();
    },
  });
  stack.defer(() => tail.stop());

  const start = () =>
    startService(service, {
      environment: {
        CASCADE_NATS_URL: nats.url,
        CASCADE_POSTGRES_URL: postgresUrl,
        CASCADE_LOG_LEVEL: "silent",
        CASCADE_SWEEP_INTERVAL_MS: "100",
        CASCADE_JOB_POLL_INTERVAL_MS: "100",
        ...environment,
      },
      onFatal: (error) => {
        throw error;
      },
    });
  let running = await start();
  stack.defer(() => running.stop());
  const owned = stack.move();

  return {
    get running() {
      return running;
    },
    natsUrl: nats.url,
    postgresUrl,
    seen: () => seen,
    publish: async (event) => {
      const { owner } = event.definition;
      const publisher = createPublisher({
        connection,
        source: owner === "outside" || owner === "operator" ? "urn:test" : `/services/${owner}`,
        settings: MessagingSettings.parse({}),
        now: () => new Date(),
        newId: uuidv7,
      });
      return (await publisher.publish(event)).id;
    },
    nextEvent: (definition, where = () => true, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          for (const event of seen) {
            if (event.envelope.type !== definition.type) continue;
            const incoming = {
              id: event.envelope.id,
              type: event.envelope.type,
              pipeline: event.envelope.subject,
              data: definition.schema.parse(event.data),
              correlationId: event.envelope.correlationid ?? event.envelope.id,
              causationId: event.envelope.causationid,
              source: event.envelope.source,
            };
            if (!where(incoming)) continue;
            waiting.delete(look);
            clearTimeout(timer);
            return resolve(incoming);
          }
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          const others = seen.map(
            ({ envelope, data }) => `${envelope.type} ${JSON.stringify(data).slice(0, 300)}`,
          );
          reject(new Error(`no ${definition.type} within ${timeoutMs} ms; seen:\n${others.join("\n")}`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    restart: async () => {
      await running.stop();
      running = await start();
    },
    addReplica: async () => {
      const replica = await start();
      owned.defer(() => replica.stop());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

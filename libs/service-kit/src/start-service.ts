import { fileURLToPath } from "node:url";
import {
  accessFrom,
  connectBroker,
  crashPointFrom,
  createPublisher,
  describeError,
  migrationsDirectory,
  startMessaging,
} from "@cascade/messaging";
import { migrate, openDatabase } from "@cascade/postgres";
import { v7 as uuidv7 } from "uuid";
import { type Environment, readConfig } from "./config.ts";
import { createHttpServer } from "./http-server.ts";
import { readKitConfig } from "./kit-config.ts";
import { createLogger } from "./logging.ts";
import { createMetrics } from "./metrics.ts";
import { redactor, secretsIn } from "./redact.ts";
import type { AnyService, Kit } from "./service.ts";

export interface RunningService {
  readonly name: string;
  readonly replica: string;
  /** Where its HTTP interface answers. */
  readonly url: string;
  problems(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly environment: Environment;
  /** Called when the service cannot go on, such as when the connection to NATS was closed for good. */
  onFatal(error: unknown): void;
}

/**
 * Starts a service: configuration, logs, database and its migrations, broker, the service's own resources,
 * HTTP, and last the runtime, so that no event is taken before everything it needs is there. What was opened
 * is closed again where a later step fails.
 */
export async function startService(service: AnyService, options: StartOptions): Promise<RunningService> {
  const { environment } = options;
  const kitConfig = readKitConfig(service.name, environment);
  const config = readConfig(service.name, service.settings, environment);
  const replica = kitConfig.replica ?? `${service.name}-${uuidv7().slice(-8)}`;
  const log = createLogger({
    service: service.name,
    replica,
    level: kitConfig.logLevel,
    file: kitConfig.logFile,
    redact: redactor(secretsIn(environment)),
  });
  const closing: (() => Promise<unknown>)[] = [];
  const closeAll = async () => {
    for (const close of closing.splice(0).reverse()) {
      await close().catch((error) =>
        log.warn({ error: describeError(error) }, "a resource could not be closed"),
      );
    }
  };

  try {
    await migrate({
      url: kitConfig.postgresUrl,
      schema: service.name,
      sources: [
        { directory: fileURLToPath(migrationsDirectory), table: "messaging_migrations" },
        { directory: fileURLToPath(service.migrations), table: "service_migrations" },
      ],
    });
    const database = openDatabase({
      url: kitConfig.postgresUrl,
      schema: service.name,
      applicationName: replica,
      poolSize: kitConfig.postgresPoolSize,
      onError: (error) => log.warn({ error: describeError(error) }, "a database connection was lost"),
    });
    closing.push(() => database.close());

    const connection = await connectBroker({
      servers: kitConfig.natsUrl,
      ...accessFrom(environment),
      name: replica,
      user: service.name,
      attemptsMax: kitConfig.messaging.startAttemptsMax,
      log,
    });
    let stopping = false;
    void connection.closed().then((error) => {
      if (!stopping) options.onFatal(error ?? new Error("the connection to NATS was closed"));
    });
    closing.push(async () => {
      stopping = true;
      await connection.drain();
    });

    const metrics = createMetrics(service.name);
    const publisher = createPublisher({
      connection,
      source: `/services/${service.name}`,
      settings: kitConfig.messaging,
      now: () => new Date(),
      newId: uuidv7,
    });
    const kit: Kit = { database, connection, log, replica, registry: metrics.registry, publisher };
    const deps: unknown = await service.open(config, kit);
    closing.push(async () => service.close?.(deps));

    const messaging = await startMessaging({
      service: service.name,
      connection,
      database,
      reactions: service.reactions,
      jobs: service.jobs ?? [],
      watches: service.watches ?? [],
      deps,
      settings: kitConfig.messaging,
      log,
      metrics: metrics.messaging,
      crash: crashPointFrom(environment.CASCADE_CRASH),
    });
    closing.push(() => messaging.stop());

    const problems = async (): Promise<string[]> => {
      const databaseProblems = await database.check().then(
        () => [],
        (error) => [`the database does not answer: ${describeError(error).message}`],
      );
      return [...databaseProblems, ...(await messaging.problems()), ...(service.problems?.(deps) ?? [])];
    };
    const http = await createHttpServer({
      config: kitConfig,
      log,
      metrics,
      problems,
      backlog: () => messaging.backlog(),
      jsonBodies: service.jsonBodies,
      routes: (app) => service.http?.(app, deps, kit),
    });
    closing.push(() => http.close());
    log.info({ http: http.url }, "service started");

    return {
      name: service.name,
      replica,
      url: http.url,
      problems,
      stop: async () => {
        log.info({}, "service stopping");
        await closeAll();
        log.flush();
      },
    };
  } catch (error) {
    log.fatal({ error: describeError(error) }, "the service could not start");
    await closeAll();
    log.flush();
    throw error;
  }
}

import type { Logger } from "@cascade/messaging";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type pino from "pino";
import { readJsonBodies } from "./json-bodies.ts";
import type { KitConfig } from "./kit-config.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { refuseOddRequests } from "./odd-requests.ts";
import { answerBrokenRequest, answerError, answerProblems } from "./problem.ts";
import type { AnyService } from "./service.ts";

export interface HttpOptions {
  readonly config: KitConfig;
  readonly log: Logger & pino.Logger;
  readonly metrics: ServiceMetrics;
  readonly jsonBodies: AnyService["jsonBodies"];
  problems(): Promise<string[]>;
  backlog(): Promise<{ waiting: number; oldestSeconds: number }>;
  routes(app: FastifyInstance): Promise<void> | void;
}

export class PortTakenError extends Error {
  readonly code = "PORT_TAKEN";

  constructor(port: number, options: { cause: unknown }) {
    super(
      `Port ${port} is taken by another program. Set CASCADE_HTTP_PORT to a free port, or to 0 for any.`,
      options,
    );
    this.name = "PortTakenError";
  }
}

/** The HTTP side of a service: its own routes, and health, readiness and metrics. */
export async function createHttpServer(
  options: HttpOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const { config, metrics } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.httpBodyBytesMax,
    requestTimeout: config.httpRequestTimeoutMs,
    connectionTimeout: config.httpRequestTimeoutMs,
    http: {
      // Set later, a limit below that of the headers changes places with it, and bodies may take 60 seconds.
      requestTimeout: config.httpRequestTimeoutMs,
      headersTimeout: config.httpRequestTimeoutMs,
      // Node looks every 30 seconds for requests that take too long: a limit below that would be none.
      connectionsCheckingInterval: Math.ceil(config.httpRequestTimeoutMs / 10),
      // Node would answer in a form of its own.
      requireHostHeader: false,
    },
    forceCloseConnections: "idle",
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerError,
  });
  app.server.maxConnections = config.httpConnectionsMax;
  answerProblems(app);
  refuseOddRequests(app);
  readJsonBodies(app, { depthMax: config.httpJsonDepthMax, which: options.jsonBodies ?? "declared" });

  app.get("/healthz", async () => ({ alive: true }));
  app.get("/readyz", async (_, reply) => {
    const problems = await options.problems();
    return reply.status(problems.length === 0 ? 200 : 503).send({ ready: problems.length === 0, problems });
  });
  app.get("/metrics", async (_, reply) => {
    const { waiting, oldestSeconds } = await options.backlog();
    metrics.outboxWaiting.set(waiting);
    metrics.outboxOldestSeconds.set(oldestSeconds);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  await options.routes(app);

  try {
    const url = await app.listen({ host: config.httpHost, port: config.httpPort });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new PortTakenError(config.httpPort, { cause: error });
    }
    throw error;
  }
}
